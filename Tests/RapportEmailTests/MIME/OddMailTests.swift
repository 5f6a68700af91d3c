import RapportChannels
import RapportCore
import RapportEmail
import RapportTestSupport
import Testing

@Suite("Mails of odd form", .enabled(if: Fixtures.isPresent))
struct OddMailTests {
    /// What a person would see: part of the text, the subject, the sender, attachments. The trees of parts that other
    /// parsers record for these files go further than our model does.
    static let rows: [(file: String, subject: String?, from: String?, text: String?, attachments: [String?])] = [
        ("freescout-message-5-iso-2022-jp", "ご注文商品を本日お届けします", "noreply@example.org", "※ アマゾン 配送部", []),
        (
            "mailgem-cant_parse_from", "Meet the new MacBook Pro family. Now includes 13-inch.",
            "News@InsideApple.Apple.com", "From one solid piece", []
        ),
        ("mailgem-content_transfer_encoding_spam", nil, "shechem@poetrix.com", "We supply high quality", []),
        ("mailgem-example04", nil, "pete@silly.example", "Testing.", []),
        ("mailgem-japanese_iso_2022", "まみむめも", "raasdnil@gmail.com", "すみません。", []),
        ("mailgem-japanese_shift_jis", "test", "xxxxxxx@docomo.ne.jp", "このメールはテスト用のメールです。", []),
        ("mailgem-missing_content_disposition", "Redacted", "redacted@example.com", nil, [nil]),
        ("mailgem-multiple_references_with_one_invalid", "Redacted", "redacted@flashmail.net", "foo", []),
        (
            "mailgem-two_from_in_message", "Sending messages include last little bit", "tester1@test.com",
            "When sending email:", []
        ),
        ("mailgem-utf8_headers", "Säying Hello", "jdöe@mächine.example", "body", []),
        ("mime4j-attachment-filename-encoding-Latin1", nil, nil, "Attachment Test", ["attachment.äöü"]),
        ("mime4j-attachment-filename-encoding-UTF8", nil, nil, "Attachment Test", ["attachment.äöü"]),
        (
            "mime4j-bad-newlines-multiple-parts-base64", "a multipart message/rfc822 which has been base64-encoded",
            nil, nil, [nil]
        ),
        ("mime4j-badbound", "Mail System Error - Returned Mail", "Postmaster@challenge.uscom.com", "Mail", []),
        ("mime4j-multi-badnames", "Sample message", "nsb@bellcore.com", "It DOES end with a linebreak.", []),
        (
            "mime4j-multi-nested", "A complex nested multipart example", "whorfin@yoyodyne.com",
            "Part 2 of the outer message.",
            ["3d-vise.gif", "3d-eye.gif", "Part 5 of the outer message is itself an RFC822 message!"]
        ),
        ("mime4j-russian", "Greetings", nil, nil, ["Список.doc"]),
        ("mime4j-uu-junk", "mime::parser", "support@webmail.uwohali.com", "I occasionally receive an email", []),
        ("mime4j-weird-boundary", nil, nil, "Text body", []),
        ("mimekit-multipart-digest", nil, "user@domain.org", nil, ["submsg"]),
        ("mimekit-stack-overflow", "Message Subject", "test@test.com", "Message Body", []),
    ]

    @Test("what a person would see is there", arguments: rows.indices)
    func seen(index: Int) throws {
        let row = Self.rows[index]
        let mail = try #require(MailParser().parse(try Fixtures.bytes("email/raw/odd_mime/\(row.file).eml")))
        #expect(mail.subject == row.subject)
        #expect(mail.from.first?.address == row.from)
        #expect(row.text.map { mail.text?.contains($0) ?? false } ?? (mail.text == nil), "\(mail.text ?? "none")")
        #expect(mail.attachments.map(\.name) == row.attachments)
    }

    @Test("the table knows every file of the folder")
    func complete() throws {
        let files = try Fixtures.list("email/raw/odd_mime").map {
            String($0.split(separator: "/").last?.dropLast(4) ?? "")
        }
        #expect(files == Self.rows.map(\.file).sorted())
    }

    @Test(
        "a TNEF file inside a mail is an attachment, and alone it is no mail",
        arguments: ["attachments", "garbage-at-end", "long-filename"])
    func tnef(name: String) throws {
        let bytes = try Fixtures.bytes("email/raw/winmail/mimekit-\(name).tnef")
        let events = MailInterpreter(identity: MailSamples.identity).events(bytes)
        #expect(events.map(\.kind) == [.unparsed] && events[0].payload?.bytes == bytes)
        let header =
            "From: a@b.example\nContent-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: binary\n\n"
        let mail = try #require(MailParser().parse(MailSamples.bytes(header) + bytes))
        #expect(
            mail.attachments.map(\.name) == ["winmail.dat"] && mail.attachments.map(\.type) == ["application/ms-tnef"])
    }
}
