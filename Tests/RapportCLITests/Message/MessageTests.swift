import ArgumentParser
import Foundation
import RapportApp
import RapportCore
import RapportHub
import RapportLog
import Testing

@testable import RapportCLI

@Suite("Single messages")
struct MessageTests {
    @Test(
        "what can't be sent is refused before the store is opened",
        arguments: [
            ["--to", "c1", "--channel", "email", "--class", "service", "--topic", "care", "--text", "x"],
            ["--to", "c1", "--channel", "sms", "--class", "marketing", "--topic", "care", "--text", "x"],
            ["--to", "c1", "--channel", "web", "--class", "service", "--topic", "care", "--text", "x"],
            [
                "--to", "c1", "--channel", "sms", "--channel", "sms", "--class", "service", "--topic", "care", "--text",
                "x",
            ],
            [
                "--to", "c1", "--channel", "sms", "--class", "service", "--topic", "care", "--text", "x", "--file",
                "y",
            ],
            [
                "--to", "c1", "--channel", "sms", "--class", "service", "--topic", "care", "--text", "x", "--closes",
                "12",
            ],
        ])
    func refused(arguments: [String]) {
        #expect(throws: (any Error).self) { try MessageSendCommand.parse(arguments) }
    }

    @Test("under a key the same message is known however its recipient is written, and another one is refused")
    func underKey() async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1,Ana,ana@example.com,,,", "crm/2,Bo,bo@example.com,,,")
        let ana = try await desk.hub.resolve(customer: "crm/1").customer.id
        func plan(_ to: String, _ words: String = "It is paid.") async throws -> (PlannedDispatch, CustomerID) {
            let command = try MessageSendCommand.parse([
                "--to", to, "--channel", "email", "--class", "service", "--topic", "care", "--subject", "Your bill",
                "--text", words, "--key", "order-7",
            ])
            return try await command.plan(words, hub: desk.hub)
        }
        let (first, _) = try await plan("ana@example.com")
        #expect(!first.isRepetition)
        for to in ["ana@example.com", "Ana@Example.com", ana.description, "crm/1"] {
            let (again, customer) = try await plan(to)
            #expect(again.isRepetition && again.id == first.id && customer == ana, "\(to)")
        }
        for to in ["bo@example.com", "crm/2", "nobody@example.com"] {
            await #expect(throws: DeskError.keyInUse, "\(to)") { try await plan(to) }
        }
        await #expect(throws: DeskError.keyInUse) { try await plan("ana@example.com", "It is due.") }
        try await desk.close()
    }

    @Test("under a key of an earlier version, which compared the recipient as it was typed, the same message is known")
    func underEarlierKey() async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1,Ana,ana@example.com,,,")
        let ana = try await desk.hub.resolve(customer: "crm/1").customer
        let first = try await desk.hub.messageDesk().send(
            SingleMessage(subject: "Your bill", text: "It is paid.", author: "li", isPersonal: true), to: ana,
            channels: [.email], messageClass: .service, topic: "care", key: "cli:order-7",
            digest: "6a0a708fca330a3fdd76e5935dd2a882a67ab9ffa15e61de517ab12dfe787994")
        func plan(_ words: String) async throws -> PlannedDispatch {
            let command = try MessageSendCommand.parse([
                "--to", "ana@example.com", "--channel", "email", "--class", "service", "--topic", "care", "--subject",
                "Your bill", "--text", words, "--key", "order-7",
            ])
            return try await command.plan(words, hub: desk.hub).0
        }
        #expect(try await plan("It is paid.").id == first.id)
        await #expect(throws: DeskError.keyInUse) { try await plan("It is due.") }
        try await desk.close()
    }

    @Test("a text may come from a file, within the limit and in UTF-8")
    func source() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "rapport-text-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("您好".utf8).write(to: file)
        #expect(try MessageSource.file(file.path).read() == "您好")
        // A folder can be opened, and fails when it is read.
        let error = #expect(throws: MessageError.self) { try MessageSource.file("/tmp").read() }
        #expect(error?.description.hasPrefix("/tmp can't be read") == true)
        try Data([0xFF, 0xFE]).write(to: file)
        #expect(throws: MessageError.self) { try MessageSource.file(file.path).read() }
        try Data(repeating: 97, count: MessageSource.limit + 1).write(to: file)
        #expect(throws: MessageError.self) { try MessageSource.file(file.path).read() }
        #expect(throws: MessageError.self) { try MessageSource.text(" \n").read() }
        #expect(throws: MessageError.self) { try MessageSource.file(file.path + "-missing").read() }
    }

    @Test("the outcome says which rule decided")
    func outcome() throws {
        let address = try #require(Address(normalized: "mailto:ana@example.com"))
        let row = DispatchRow(
            id: DispatchID(17), customer: CustomerID(1), campaign: nil, channel: .email, adapter: "mail",
            address: address, messageClass: .service, topic: "care", state: .skipped, rule: "suppressed",
            evidence: ["s9"], policyVersion: "ab", attempts: 0, dueAt: try Timestamp("2026-06-15T04:00:00Z"),
            claimedAt: nil, detail: nil)
        #expect(MessageText.outcome(row) == "d17 skipped: suppressed")
    }
}
