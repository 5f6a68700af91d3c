import Foundation
import RapportCore
import RapportTestSupport
import Testing

@Suite("Mailboxes")
struct MailboxTests {
    private static let accepted = [
        Row("ana@example.com", "mailto:ana@example.com"),
        Row("  Ana.B@Example.COM\u{200B}\n", "mailto:ana.b@example.com", deliverable: "mailto:Ana.B@example.com"),
        Row("a.n.a+News@gmail.com", "mailto:a.n.a+news@gmail.com", deliverable: "mailto:a.n.a+News@gmail.com"),
        Row("o'hara!#$%&*-/=?^_`{|}~@x.org", "mailto:o'hara!#$%&*-/=?^_`{|}~@x.org"),
        Row("ops@localhost", "mailto:ops@localhost"),
        Row("ana@example.com.", "mailto:ana@example.com"),
        Row("ana@r3---sn.example.com", "mailto:ana@r3---sn.example.com"),
        // IDNA2008 and UTS #46, non-transitional: ß is kept, full-width forms are mapped.
        Row("ana@faß.de", "mailto:ana@xn--fa-hia.de"),
        Row("ana@MÜLLER.de", "mailto:ana@xn--mller-kva.de"),
        Row("ana@XN--MLLER-KVA.de", "mailto:ana@xn--mller-kva.de"),
        Row("ana@ｅｘａｍｐｌｅ。ｃｏｍ", "mailto:ana@example.com"),
        Row("用户@例子.广告", "mailto:用户@xn--fsqu00a.xn--4rr70v"),
        // RFC 6531 local parts are compared in NFC and without case.
        Row("JOSE\u{301}@x.org", "mailto:josé@x.org", deliverable: "mailto:JOSÉ@x.org"),
        Row("ΝΙΚΟΣ@x.org", "mailto:νικοσ@x.org", deliverable: "mailto:ΝΙΚΟΣ@x.org"),
        Row("νικος@x.org", "mailto:νικοσ@x.org", deliverable: "mailto:νικος@x.org"),
        // Quoted only when needed, escaped only what must be.
        Row("\"Ana\"@x.org", "mailto:ana@x.org", deliverable: "mailto:Ana@x.org"),
        Row("\"a b\"@x.org", "mailto:\"a b\"@x.org"),
        Row("\"a@b\"@x.org", "mailto:\"a@b\"@x.org"),
        Row("\"a\\b\"@x.org", "mailto:ab@x.org"),
        Row("\"a\\\"\\\\ b\"@x.org", "mailto:\"a\\\"\\\\ b\"@x.org"),
        // A mark joins the dot before it, which parts the atoms all the same.
        Row("\"a.\u{6DA}J\"@x.org", "mailto:a.\u{6DA}j@x.org", deliverable: "mailto:a.\u{6DA}J@x.org"),
        Row("\"a..b\"@docomo.ne.jp", "mailto:\"a..b\"@docomo.ne.jp"),
        Row("ana@[192.0.2.1]", "mailto:ana@[192.0.2.1]"),
        Row("ana@[ipv6:2001:DB8:0:0::1]", "mailto:ana@[IPv6:2001:db8::1]"),
        Row(String(repeating: "a", count: 64) + "@x.org", "mailto:" + String(repeating: "a", count: 64) + "@x.org"),
    ]

    private static let refused = [
        Row("", .empty), Row(" \u{FEFF}", .empty),
        Row("ana", .malformed), Row("@x.org", .malformed), Row("Ana <ana@x.org>", .malformed),
        Row("<ana@x.org>", .malformed), Row("ana b@x.org", .malformed), Row("ana(comment)@x.org", .malformed),
        Row("a@b@x.org", .malformed), Row("ana@x.org, bob@x.org", .malformed),
        Row(".ana@x.org", .malformed), Row("ana.@x.org", .malformed), Row("a..b@x.org", .malformed),
        Row("\"ana@x.org", .malformed), Row("\"a\"b\"@x.org", .malformed), Row("\"\"@x.org", .malformed),
        Row("\"ana\\\"@x.org", .malformed),
        Row("a\r\nBcc: b@x.org", .malformed), Row("\"a\r\nb\"@x.org", .malformed), Row("a\u{0}b@x.org", .malformed),
        Row("a\u{202E}b@x.org", .malformed), Row("a\u{3000}b@x.org", .malformed), Row("a\u{2028}b@x.org", .malformed),
        // A mark joins what stands before it: the colon of the URI, the at sign.
        Row("\u{1DD1}@x.org", .malformed), Row("ana@\u{301}b.org", .domain),
        // And the quote, by which it could not be read back.
        Row("\"\\\u{301} a\"@x.org", .malformed), Row("\"\\\u{200D}a\"@x.org", .malformed),
        Row("\"a \u{D4E}\"@x.org", .malformed),
        Row("ana@", .domain), Row("ana@.", .domain), Row("ana@a..b", .domain), Row("ana@-a.org", .domain),
        Row("ana@a-.org", .domain), Row("ana@a b.org", .domain), Row("ana@x.org\u{0}.cn", .domain),
        Row("ana@m\u{FC}ller\u{0}.de", .domain), Row("ana@x.org?subject=hi", .domain), Row("ana@x.org:25", .domain),
        // What the library's own STD 3 flag would silently make `ab.com` of.
        Row("ana@a_b.com", .domain), Row("ana@a℀b.com", .domain), Row("ana@a_bü.com", .domain),
        Row("ana@☃.com", .domain), Row("ana@xn--zz--.com", .domain), Row("ana@a\u{200D}b.com", .domain),
        Row("ana@192.0.2.1", .domain), Row("ana@0x7f", .domain), Row("ana@[192.0.2]", .domain),
        Row("ana@[IPv6:192.0.2.1]", .domain), Row("ana@[::1]", .domain), Row("ana@[192.0.2.1", .domain),
        Row(String(repeating: "a", count: 65) + "@x.org", .tooLong),
        // Refused by its length alone, before the marks in it are put in order.
        Row(String(repeating: "\u{301}\u{323}", count: 2000), .tooLong),
        Row(String(repeating: "é", count: 33) + "@x.org", .tooLong),
        Row("ana@" + String(repeating: "a", count: 64) + ".org", .tooLong),
        Row("ana@" + String(repeating: "abcdefg.", count: 31) + "orgs", .tooLong),
        Row("ana@" + String(repeating: "ü", count: 100_000) + ".de", .tooLong),
    ]

    @Test("are normalized to one spelling, twice over", arguments: accepted)
    func accepts(row: Row) throws {
        let address = try normalized(.mailto, row.written).get()
        #expect(address.uri == row.uri)
        #expect(address.deliverableURI == row.deliverable)
        let again = try normalized(.mailto, address.deliverable).get()
        #expect(again.uri == address.uri && again.deliverableURI == address.deliverableURI)
    }

    @Test("have the same bytes when they are read again, also where two texts of other bytes would be called equal")
    func bytes() throws {
        let once = try normalized(.mailto, "a\u{F73}\u{301}@x.org").get()
        let twice = try normalized(.mailto, once.value).get()
        #expect(Array(once.uri.utf8) == Array("mailto:á\u{F71}\u{F72}@x.org".utf8))
        #expect(Array(twice.uri.utf8) == Array(once.uri.utf8))
    }

    @Test("are refused with a reason that does not repeat them", arguments: refused)
    func refuses(row: Row) throws {
        let error = try #require(throws: AddressError.self) { try normalized(.mailto, row.written).get() }
        #expect(error.code == row.code)
        #expect(row.written.utf8.count < 5 || !error.reason.contains(row.written))
    }

    @Test("of 254 octets are taken, of 255 are not")
    func length() throws {
        let domain = "@" + String(repeating: "abcdefg.", count: 23) + "orgs"
        let local = String(repeating: "a", count: 64)
        let fits = local + domain + "x"
        #expect(fits.utf8.count == 254)
        #expect(try normalized(.mailto, fits).get().value == fits)
        #expect(throws: AddressError.self) { try normalized(.mailto, fits + "x").get() }
    }

    /// The vectors come from a sanitizer that strips dots and tags and merges providers' domains for hints of
    /// duplicates. Ours keeps dots, tags and domains and encodes the domain; so what is asked of each vector is that it
    /// is taken or refused as there, except for two dots in a row, which need quotes (RFC 5321, section 4.1.2), and that
    /// nothing but case and the domain's encoding changes.
    @Test("of another product's vectors lose nothing but case", .enabled(if: Fixtures.isPresent))
    func vectors() throws {
        let all = try JSONSerialization.jsonObject(with: Data(try Fixtures.bytes("text-vectors.json")))
        let section = try #require((all as? [String: Any])?["email_canonical"] as? [String: Any])
        let blocks = try #require(section["blocks"] as? [[String: Any]])
        var seen = 0
        for block in blocks {
            for (written, expectation) in try #require(block["expect"] as? [String: Any]) {
                seen += 1
                let isRefused = !(expectation is String) || written.contains("..")
                guard !isRefused else {
                    #expect(throws: AddressError.self) { try normalized(.mailto, written).get() }
                    continue
                }
                let address = try normalized(.mailto, written).get()
                let expected = written.lowercased().replacing("m端ller.com", with: "xn--mller-es7m.com")
                #expect(address.value == expected)
                #expect(address.deliverable.lowercased() == expected)
                #expect(address.deliverable.prefix { $0 != "@" } == written.prefix { $0 != "@" })
            }
        }
        #expect(seen > 70)
    }
}
