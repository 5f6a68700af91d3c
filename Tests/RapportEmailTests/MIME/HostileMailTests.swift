import RapportChannels
import RapportCore
import RapportEmail
import RapportTestSupport
import Testing

@Suite("Hostile mails")
struct HostileMailTests {
    private static let interpreter = MailInterpreter(identity: MailSamples.identity)

    private static let nestedGroups = "To: " + String(repeating: "a:", count: 250_000) + "\n\nx"

    /// Each of these would take gigabytes, minutes or the stack from a reader that trusts its input.
    private static let bombMails: [(name: String, mail: String)] = [
        ("parts", "Content-Type: multipart/mixed; boundary=a\n\n" + String(repeating: "--a\n\n", count: 500_000)),
        ("fields", String(repeating: "a:\n", count: 500_000)),
        (
            "fields of parts",
            "Content-Type: multipart/mixed; boundary=a\n\n--a\n" + String(repeating: "a:\n", count: 500_000)
        ),
        ("fields of a message", "Content-Type: message/rfc822\n\n" + String(repeating: "a:\n", count: 500_000)),
        ("one long field", "Subject: " + String(repeating: "x ", count: 500_000)),
        ("addresses", "To: " + String(repeating: "a@b.c,", count: 200_000) + "\n\nx"),
        ("names", "To: " + String(repeating: "a,", count: 500_000) + "\n\nx"),
        ("names, folded", "Cc: a\n" + String(repeating: " \"a\", b c,\n", count: 15_000) + "\n\nx"),
        (
            "names of an enclosed message",
            "Content-Type: message/rfc822\n\nTo: g:" + String(repeating: "a,", count: 500_000) + "\n\nx"
        ),
        ("comments", "From: " + String(repeating: "(", count: 500_000) + "\n\nx"),
        ("groups", "From: " + String(repeating: "g:", count: 30_000) + "\n\nx"),
        ("nested groups", String(repeating: "To: ", count: 250_000) + "\n\nx"),
        ("nested groups, folded", "Reply-To: a\n" + String(repeating: " g: g: g: g: g:\n", count: 15_000) + "\n\nx"),
        (
            "nested groups of an enclosed message",
            "Content-Type: message/rfc822\n\n" + String(repeating: "From: ", count: 250_000) + "\n\nx"
        ),
        ("a message whose type has a comment", "Content-Type: message (x)/rfc822\n\n" + nestedGroups),
        ("a message whose type is folded", "Content-Type: message\n /rfc822\n\n" + nestedGroups),
        (
            "a message behind a long comment",
            "Content-Type: (\(String(repeating: "x", count: 4000))) MESSAGE/RFC822\n\n" + nestedGroups
        ),
        ("a message behind another type", "Content-Type: text/plain\ncontent-type : message/news\n\n" + nestedGroups),
        (
            "a message in a message",
            "Content-Type: message/rfc822\n\nContent-Type: message\t/global\n\n" + nestedGroups
        ),
        ("a message behind what is no boundary", "Content-Type: message/rfc822\n--a\n\n" + nestedGroups),
        (
            "a message in a digest",
            "Content-Type: multipart\n /digest; boundary=a\n\n--a\n\nSubject: x\n\n--a\nX-a: b\n\n" + nestedGroups
        ),
        ("angles", "References: " + String(repeating: "<", count: 500_000) + "\n\nx"),
        ("encoded words", "Subject: " + String(repeating: "=?utf-8?q?a?= ", count: 50_000) + "\n\nx"),
        ("elements", "Content-Type: text/html\n\n" + String(repeating: "<blockquote><!--", count: 50_000)),
        ("entities", "Content-Type: text/html\n\n" + String(repeating: "&", count: 500_000)),
        ("multiparts", (0..<3000).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n" }.joined()),
        ("messages", String(repeating: "Content-Type: message/rfc822\n\n", count: 10_000)),
        ("parameters", "Content-Type: text/plain" + String(repeating: "; a*0*=x", count: 30_000) + "\n\nx"),
        ("text", "\n" + String(repeating: "word ", count: 800_000)),
    ]

    @Test("bombs are read within bounds", arguments: bombMails.indices)
    func bombs(index: Int) throws {
        let limits = MailLimits()
        let mail = try #require(
            MailParser().parse(MailSamples.bytes("Mime-Version: 1.0\n" + Self.bombMails[index].mail)))
        #expect(
            mail.fields.count <= limits.fields
                && mail.fields.allSatisfy { $0.value.utf8.count <= 2 * limits.fieldBytes })
        #expect(mail.to.count <= limits.mailboxes && mail.attachments.count <= limits.parts)
        #expect((mail.text ?? "").utf8.count <= limits.textBytes + 1000)
    }

    @Test("marks without end on one character are cut, in the header and in the text")
    func marks() throws {
        let marks = String(repeating: "\u{301}\u{323}", count: 10_000)
        let mail = try #require(
            MailParser().parse(MailSamples.bytes("From: a@b.example\nSubject: a\(marks)\n\nb\(marks)\n")))
        #expect(try #require(mail.subject).unicodeScalars.count == 31)
        #expect(try #require(mail.text).unicodeScalars.count == 32)
    }

    @Test("marks that HTML brings together on one character are cut", arguments: ["&#x301;", "\u{301}<b>"])
    func marksInHTML(mark: String) throws {
        let html = "a" + String(repeating: mark, count: 1000)
        let mail = try #require(
            MailParser().parse(
                MailSamples.bytes("From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n" + html)))
        #expect(try #require(mail.text).unicodeScalars.count == 31)
    }

    @Test("marks in the name of a file are cut")
    func marksInFileName() throws {
        let name = "a" + String(repeating: "\u{301}", count: 100)
        let mail = try #require(
            MailParser().parse(
                MailSamples.bytes("From: a@b.example\nContent-Type: image/png; name=\"\(name)\"\n\nx\n")))
        #expect(mail.attachments.compactMap(\.name).map(\.unicodeScalars.count) == [31])
    }

    @Test(
        "a field whose name is not short ASCII is none, and such a media type is unknown",
        arguments: ["é", String(repeating: "\u{301}\u{323}", count: 100), String(repeating: "x", count: 300)])
    func names(odd: String) throws {
        let header = "From: a@b.example\nX-Odd\(odd): y\nX-Kept: y\nContent-Type: text/x\(odd)\n"
        let mail = try #require(MailParser().parse(MailSamples.bytes(header + "\nx\n")))
        #expect(mail.fields.map(\.name) == ["from", "x-kept"])
        #expect(mail.mediaType == "application/octet-stream")
        #expect(mail.attachments.map(\.type) == ["application/octet-stream"])
    }

    /// Each names more recipients than are told of, at another of the places where programs name them.
    private static let longReports: [(name: String, mail: String)] = [
        ("a field", "X-Failed-Recipients: " + lines(900, "", ", ") + "\n\nDelivery failed.\n"),
        ("fields", lines(900, "X-Failed-Recipients: ") + "\nDelivery failed.\n"),
        ("a group", report("delivery-status", lines(900, "Final-Recipient: rfc822; "))),
        ("groups", report("delivery-status", lines(900, "Final-Recipient: rfc822; ", "\n\n"))),
        ("fields in the text", "\nDelivery failed.\n\n" + lines(390, "Final-Recipient: rfc822; ")),
        ("lines of the text", "\nDelivery failed.\n\n" + lines(390, "")),
        ("a complaint", report("feedback-report", "Feedback-Type: abuse\n" + lines(900, "Original-Rcpt-To: "))),
    ]

    private static func lines(_ count: Int, _ start: String, _ end: String = "\n") -> String {
        (0..<count).map { "\(start)r\($0)@example.com\(end)" }.joined()
    }

    private static func report(_ type: String, _ fields: String) -> String {
        "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/\(type)\n\n\(fields)\n--b--\n"
    }

    @Test(
        "a report tells of no more recipients than the limit, and the mail is kept once",
        arguments: longReports.indices)
    func longReport(index: Int) {
        let limit = MailLimits().reportRecipients
        for name in ["", "Message-ID: <r1@mx.example>\n"] {
            let header = "From: MAILER-DAEMON@mx.example\n" + name
            let bytes = MailSamples.bytes(header + Self.longReports[index].mail)
            let events = Self.interpreter.events(bytes)
            #expect(events.flatMap { $0.customerAddresses.map(\.text) } == (0..<limit).map { "r\($0)@example.com" })
            #expect(events.first?.payload?.bytes == bytes)
            #expect(events.dropFirst().allSatisfy { $0.payload == nil })
            #expect(Set(events.compactMap(\.sourceID)).count == limit)
        }
    }

    @Test("what the bound on lines leaves is what is read")
    func structureBound() throws {
        var limits = MailLimits()
        limits.structureLines = 10
        let parts = (0..<20).map { "--a\n\npart \($0)\n" }.joined()
        let bytes = MailSamples.bytes("From: a@b.example\nContent-Type: multipart/mixed; boundary=a\n\n" + parts)
        let text = try #require(MailParser(limits: limits).parse(bytes)?.text)
        #expect(text.contains("part 7") && !text.contains("part 8"))
        limits = MailLimits()
        limits.parts = 5
        #expect(try #require(MailParser(limits: limits).parse(bytes)?.text).hasSuffix("part 3") == true)
        limits = MailLimits()
        limits.bytes = 10
        #expect(MailParser(limits: limits).parse(bytes) == nil)
    }

    @Test("a header with more fields of addresses than the limit is cut off behind them, and each header has its own")
    func addressFields() throws {
        let limit = MailLimits().addressFields
        func header(_ count: Int) -> String {
            (0..<count).map { $0 == 0 ? "From: a@b.example\n" : "To: r\($0)@b.example\n" }.joined()
        }
        let whole = try #require(MailParser().parse(MailSamples.bytes(header(limit) + "\nx\n")))
        #expect(whole.to.count == limit - 1 && whole.text == "x\n")
        let cut = try #require(MailParser().parse(MailSamples.bytes(header(limit + 50) + "\nx\n")))
        #expect(cut.to.count == limit - 1 && cut.text?.contains("x") != true)
        let messages = String(repeating: "--a\nContent-Type: message/rfc822\n\n\(header(limit))\nx\n", count: 3)
        let mail = try #require(
            MailParser().parse(
                MailSamples.bytes(header(limit) + "Content-Type: multipart/mixed; boundary=a\n\n" + messages)))
        #expect(mail.attachments.map(\.type) == Array(repeating: "message/rfc822", count: 3))
    }

    @Test("a mail to thousands is read whole", arguments: [", ", ",\n "])
    func manyRecipients(between: String) throws {
        let to = (0..<3000).map { "Recipient \($0) <r\($0)@b.example>" }.joined(separator: between)
        let mail = try #require(MailParser().parse(MailSamples.bytes("From: a@b.example\nTo: \(to)\n\nx\n")))
        #expect(mail.to.count == MailLimits().mailboxes && mail.text == "x\n")
    }

    @Test("a field of thousands of names without addresses is cut off with what follows")
    func manyNames() throws {
        let names = String(repeating: "a,", count: 40_000)
        let mail = try #require(MailParser().parse(MailSamples.bytes("From: a@b.example\nTo: \(names)\n\nx\n")))
        #expect(mail.fields.map(\.name) == ["from"] && mail.text?.contains("x") != true)
    }

    @Test("the lines of a file that is called a message are no header")
    func fileCalledMessage() throws {
        var limits = MailLimits()
        limits.structureLines = 20
        let file = "Content-Type: application/pdf; name=\"message.pdf\"\nContent-Transfer-Encoding: base64\n\n"
        let mail = try #require(
            MailParser(limits: limits).parse(
                MailSamples.bytes(
                    "From: a@b.example\nContent-Type: multipart/mixed; boundary=a\n\n--a\n" + file
                        + String(repeating: "QUJD\n", count: 100) + "--a\n\nbehind it\n")))
        #expect(mail.attachments == [ParsedMail.Attachment(name: "message.pdf", type: "application/pdf", size: 300)])
        #expect(mail.text?.contains("behind it") == true)
    }

    @Test("parts below the deepest level are not read")
    func depth() throws {
        func nested(_ levels: Int) -> [UInt8] {
            let open = (0..<levels).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n" }.joined()
            return MailSamples.bytes("From: a@b.example\n" + open + "\nthe core\n")
        }
        #expect(try #require(MailParser().parse(nested(19))).text?.contains("the core") == true)
        #expect(try #require(MailParser().parse(nested(25))).text?.contains("the core") != true)
    }

    private static let samples = [
        "dsn/lhost-postfix-02.eml", "dsn/lhost-qmail-01.eml", "dsn/lhost-kddi-01.eml", "arf/arf-02.eml",
        "mdn/mimekit-disposition-notification.eml", "odd_mime/mime4j-multi-nested.eml",
        "odd_mime/mailgem-japanese_shift_jis.eml", "odd_mime/mime4j-attachment-filename-encoding-Latin1.eml",
    ]

    @Test("every beginning of a mail gives an event", .enabled(if: Fixtures.isPresent), arguments: samples)
    func prefixes(file: String) throws {
        let bytes = try Fixtures.bytes("email/raw/\(file)")
        for length in 0...bytes.count where length < 300 || length % 7 == 0 || length == bytes.count {
            let events = Self.interpreter.events(Array(bytes.prefix(length)))
            #expect(!events.isEmpty && events.first?.payload?.bytes.count == length)
        }
    }

    @Test("flipped, dropped and doubled bytes give an event", .enabled(if: Fixtures.isPresent), arguments: samples)
    func mutations(file: String) throws {
        var random = SplitMix(state: UInt64(file.utf8.count) &* 0x9E37_79B9_7F4A_7C15)
        let original = try Fixtures.bytes("email/raw/\(file)")
        for _ in 0..<150 {
            var bytes = original
            for _ in 0..<(1 + random.next() % 20) {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 4 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(contentsOf: bytes[place...].prefix(Int(random.next() % 200)), at: place)
                default: bytes[place] = [0, 10, 13, 0x1B, 0x3D, 0x3B, 0x22, 0xFF][Int(random.next() % 8)]
                }
            }
            let events = Self.interpreter.events(bytes)
            #expect((1...200).contains(events.count))
        }
    }
}

/// The same numbers in every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
