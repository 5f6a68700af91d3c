import ArgumentParser
import Foundation
import RapportCore
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
