import RapportTestSupport
import Testing

@testable import RapportAddressing

@Suite("Plain mailboxes")
struct PlainMailboxTests {
    private static func long(_ local: Int, _ label: Int, _ labels: Int = 1) -> String {
        let domain = Array(repeating: String(repeating: "b", count: label), count: labels).joined(separator: ".")
        return String(repeating: "a", count: local) + "@" + domain
    }

    @Test(
        "are read at once",
        arguments: [
            ("ana@example.com", "mailto:ana@example.com", "mailto:ana@example.com"),
            ("Ana.B+1@EXAMPLE-1.Com", "mailto:ana.b+1@example-1.com", "mailto:Ana.B+1@example-1.com"),
            (
                "o'hara!#$%&*-/=?^_`{|}~@1.x2", "mailto:o'hara!#$%&*-/=?^_`{|}~@1.x2",
                "mailto:o'hara!#$%&*-/=?^_`{|}~@1.x2"
            ),
        ])
    func plain(text: String, uri: String, deliverable: String) throws {
        let forms = try #require(PlainMailbox.forms(of: text))
        #expect(forms.uri == uri)
        #expect(forms.deliverable == deliverable)
    }

    @Test(
        "are not all",
        arguments: [
            "", "@", "a@", "@b", "a", "a@b@c", ".a@b", "a.@b", "a..b@c", "\"a\"@b", "a b@c", "a@b.", "a@.b", "a@b..c",
            "a@-b", "a@b-", "a@b.-c", "a@b-.c", "a@xn--b", "a@b--c", "a@b_c", "a@1", "a@b.1", "a@b.0x7f", "a@[::1]",
            "ä@b", "a@ä", long(65, 1), long(1, 64), long(1, 63, 5), long(64, 63, 3) + "x",
        ])
    func others(text: String) {
        #expect(PlainMailbox.forms(of: text) == nil)
    }

    @Test("read the same as with those who read all")
    func same() throws {
        let pieces =
            Array("aB1.-_@+\"x0ä").map(String.init) + [
                "xn--", "example.", "com", "@b.c", Self.long(60, 1), Self.long(1, 60),
            ]
        var state: UInt64 = 7
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var plain = 0
        for _ in 0..<20_000 {
            let text = (0..<random(9)).map { _ in pieces[random(pieces.count)] }.joined()
            guard let forms = PlainMailbox.forms(of: text) else { continue }
            plain += 1
            let mailbox = try Mailbox(parsing: text)
            #expect(mailbox.forms.uri == forms.uri)
            #expect(mailbox.forms.deliverable == forms.deliverable)
        }
        #expect(plain > 1000)
    }
}
