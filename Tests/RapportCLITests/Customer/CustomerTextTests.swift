import Foundation
import RapportApp
import RapportChannels
import RapportCore
import Testing

@testable import RapportCLI
@testable import RapportHub

@Suite("What commands print of customers")
struct CustomerTextTests {
    @Test(
        "rejects stand beside the file",
        arguments: [
            ("customers.csv", "customers.rejected.csv"), ("a/B.CSV", "a/B.rejected.csv"), ("list", "list.rejected.csv"),
        ])
    func rejects(file: String, expected: String) {
        #expect(CustomerImportCommand.rejects(of: file) == expected)
    }

    @Test("an import is summed up in one line")
    func summary() async throws {
        let desk = try await DeskFixture()
        let first = try await desk.imports("crm/1,Ana,ana@example.com,,,", "crm/2,Bo,not-an-address,,,")
        #expect(
            CustomerImportCommand.text(first, rejects: "x.rejected.csv")
                == "1 imported: 1 new, 0 updated, 0 unchanged; 1 rejected, with reasons in x.rejected.csv")
        let second = try await desk.imports("crm/1,Ana,ana@example.com,,,")
        #expect(CustomerImportCommand.text(second, rejects: "x") == "1 imported: 0 new, 0 updated, 1 unchanged")
        let third = try await desk.imports("crm/1,Anna,ana@example.com,,,")
        #expect(CustomerImportCommand.text(third, rejects: "x") == "1 imported: 0 new, 1 updated, 0 unchanged")
        let waiting = try await desk.imports("crm/1,Anna,ana@example.com,,,club:email:granted")
        #expect(
            CustomerImportCommand.text(waiting, rejects: "x")
                == "1 imported: 0 new, 1 updated, 0 unchanged; 1 yes waits for the customer’s confirmation")
        try await desk.close()
    }

    @Test("a row of a timeline says what was said, or else what it is about, without moving the cursor")
    func interaction() throws {
        let at = try Timestamp("2026-06-15T04:00:00Z")
        var row = Interaction(
            id: InteractionID(7), customer: CustomerID(1), channel: .email, adapter: "mail-in", direction: .inbound,
            kind: .messageReceived, occurredAt: at, recordedAt: at, subject: "Re:\n the \u{1B}[2Jbrochure")
        let lines = InteractionText.table([row]).lines(width: .max)
        #expect(lines[1].contains("“Re: the  [2Jbrochure”"))
        #expect(!lines[1].contains("\u{1B}"))
        row.subject = nil
        row.attributes = ["outcome": "delivered", "code": "2.0.0"]
        row.references.dispatch = DispatchID(3)
        #expect(InteractionText.summary(row) == "d3, code 2.0.0, outcome delivered")
    }

    @Test("what the sandbox sent or reported says so on every line")
    func sandbox() throws {
        let at = try Timestamp("2026-06-15T04:00:00Z")
        var sent = Interaction(
            id: InteractionID(7), customer: CustomerID(1), channel: .email, adapter: "mail-out", direction: .outbound,
            kind: .messageSent, occurredAt: at, recordedAt: at, subject: "Spring",
            attributes: ["detail": "sandbox: written, not sent"])
        #expect(InteractionText.summary(sent) == "sandbox: written, not sent, “Spring”")
        #expect(LogLines.line(sent, width: .max).contains("sandbox: written, not sent"))
        #expect(CustomerBrief.Contact(sent).summary == "sandbox: written, not sent: Spring")
        sent.subject = nil
        #expect(InteractionText.summary(sent) == "sandbox: written, not sent")
        sent.attributes = ["sandbox": "reported by itself", "code": "delivered"]
        #expect(InteractionText.summary(sent) == "sandbox: reported by itself, code delivered")
        sent.attributes = ["detail": "250 2.0.0 Ok"]
        #expect(InteractionText.summary(sent) == "detail 250 2.0.0 Ok")
    }

    @Test(
        "times are the machine's",
        arguments: [
            ("Asia/Shanghai", "2026-06-15 12:00 +08:00"), ("America/St_Johns", "2026-06-15 01:30 -02:30"),
            ("UTC", "2026-06-15 04:00 +00:00"),
        ])
    func times(zone: String, expected: String) throws {
        let zone = try #require(TimeZone(identifier: zone))
        #expect(LocalTime.zoned(try Timestamp("2026-06-15T04:00:00Z"), in: zone) == expected)
    }

    @Test(
        "the author is who the environment says",
        arguments: [
            (["RAPPORT_USER": "lena", "USER": "root"], "lena"), (["RAPPORT_USER": " ", "USER": "root"], "root"),
            ([:], "cli"), (["USER": "a\nb"], "a b"),
        ])
    func author(environment: [String: String], expected: String) {
        #expect(Author.name(in: environment) == expected)
    }

    @Test("a profile shows why an address must not be used, and what may come over which channel")
    func profile() async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1,Ana,ana@example.com,13800138000,Berlin,offers:email:granted:2026-01-05T10:00:00Z")
        let intake = desk.hub.intake()
        _ = try await intake.submit(
            [
                .init(
                    kind: .messageReceived, channel: .sms, sourceID: "1",
                    customerAddresses: [RawAddress(.tel, "13800138000")], text: "STOP",
                    requests: [.stop(keyword: "STOP")])
            ], adapter: "text", region: nil)
        let customer = try await desk.hub.resolve(customer: "crm/1").customer
        let lines = try await CustomerProfile.read(customer, hub: desk.hub).lines()
        let number = try #require(lines.first { $0.contains("tel:+8613800138000") })
        #expect(number.contains("✗ stop since"))
        #expect(lines.contains { $0.hasPrefix("offers  yes") })
        #expect(lines.contains { $0.contains("city: Berlin") })
        try await desk.close()
    }
}
