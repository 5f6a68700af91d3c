import ArgumentParser
import Foundation
import RapportApp
import RapportCore
import RapportHub
import RapportLog
import RapportPolicy
import Testing

@testable import RapportCLI

@Suite("Suppressions at the command line")
struct SuppressionTests {
    private static let ana = Address(normalized: "mailto:ana@example.com")!

    private func run<Command: AsyncParsableCommand>(
        _ type: Command.Type, _ desk: DeskFixture, _ arguments: String...
    ) async throws {
        var command = try Command.parse(
            ["--config", desk.folder.appending(path: "rapport.yaml").path] + arguments)
        try await command.run()
    }

    private func active(_ desk: DeskFixture, _ address: Address = ana) async throws -> [Suppression.Reason] {
        try await desk.hub.store.suppressions(of: [address]).filter { $0.isActive(at: desk.hub.clock()) }.map(\.reason)
    }

    @Test("are added and lifted, and what can't be done ends with exit code 2")
    func commands() async throws {
        let desk = try await DeskFixture()
        let until = desk.hub.clock().adding(seconds: 86_400).rfc3339
        try await run(SuppressionAddCommand.self, desk, "Ana@Example.com")
        try await run(SuppressionAddCommand.self, desk, "ana@example.com")
        try await run(SuppressionAddCommand.self, desk, "ana@example.com", "--reason", "hard-bounce", "--until", until)
        #expect(try await active(desk) == [.manual, .hardBounce])
        let rows = try await desk.hub.store.interactions(after: nil, limit: 10)
        #expect(rows.map(\.kind) == [.suppressionAdded, .suppressionAdded])
        #expect(rows.allSatisfy { $0.adapter == "cli" && $0.attributes["author"] == Author.name })
        #expect(InteractionText.summary(rows[0]).hasPrefix("mailto:Ana@example.com, author "))

        try await run(SuppressionListCommand.self, desk, "--reason", "manual", "--limit", "1", "--json")
        try await run(SuppressionShowCommand.self, desk, "ana@example.com")
        try await run(SuppressionLiftCommand.self, desk, "ana@example.com", "--reason", "hard-bounce")
        #expect(try await active(desk) == [.manual])
        for arguments in [["ana@example.com", "--reason", "hard-bounce"], ["ana@example.com", "--reason", "stop"]] {
            let code = await #expect(throws: ExitCode.self) {
                try await run(SuppressionLiftCommand.self, desk, arguments[0], arguments[1], arguments[2])
            }
            #expect(code?.rawValue == 2)
        }
        for address in ["nobody", "id:erased/00"] {
            let code = await #expect(throws: ExitCode.self) {
                try await run(SuppressionAddCommand.self, desk, address)
            }
            #expect(code?.rawValue == 2)
        }
        #expect(try await desk.hub.store.lastPosition() == 3)
        try await desk.close()
    }

    @Test("are asked for in words that are known")
    func arguments() {
        #expect(throws: (any Error).self) { try SuppressionAddCommand.parse(["ana@example.com", "--reason", "spam"]) }
        #expect(throws: (any Error).self) { try SuppressionAddCommand.parse(["ana@example.com", "--until", "later"]) }
        #expect(throws: (any Error).self) { try SuppressionLiftCommand.parse(["ana@example.com"]) }
        #expect(throws: (any Error).self) { try SuppressionListCommand.parse(["--before", "i12"]) }
        #expect(throws: (any Error).self) { try SuppressionListCommand.parse(["--limit", "0"]) }
    }

    @Test("come from a file, whose bad lines end it with exit code 1, and once")
    func importing() async throws {
        let desk = try await DeskFixture()
        let file = desk.folder.appending(path: "list.csv").path
        try Data("email,reason\nana@example.com,hard-bounce\nnobody,\n".utf8).write(to: URL(filePath: file))
        for _ in 0..<2 {
            let code = await #expect(throws: ExitCode.self) {
                try await run(SuppressionImportCommand.self, desk, file)
            }
            #expect(code?.rawValue == 1)
        }
        #expect(try await active(desk) == [.hardBounce])
        #expect(try await desk.hub.store.lastPosition() == 1)
        let rejected = try String(
            contentsOfFile: desk.folder.appending(path: "list.rejected.csv").path, encoding: .utf8)
        #expect(rejected.contains("nobody,,line 3: email: the mailbox has no @"), "\(rejected)")
        try Data("email,reason,x\nana@example.com,hard-bounce,1\n".utf8).write(to: URL(filePath: file))
        try await run(SuppressionImportCommand.self, desk, file)
        let importer = desk.hub.suppressionImporter(author: "lena")
        let report = try await importer.run(file: file, rejects: file + ".rejected") { _, _ in }
        #expect(
            SuppressionImportCommand.text(report, rejects: "r")
                == "0 added, 1 known already; columns not read: x")
        try await desk.close()
    }

    @Test("are shown with what the policy blocks for them")
    func shown() throws {
        let policy = try ContactPolicy(yaml: "timeZone: UTC\nsuppressions: { manual: [marketing] }\n")
        let now = try Timestamp("2026-03-01T10:00:00Z")
        let rows = [Suppression.Reason.complaint, .manual, .hardBounce].enumerated().map { index, reason in
            Suppression(
                id: EntryID(position: Int64(index + 1)), address: Self.ana, reason: reason, at: now,
                until: reason == .hardBounce ? now : nil)
        }
        let lines = SuppressionText.table(rows, at: now, policy: policy).lines(width: .max)
        #expect(lines[1].hasPrefix("s1") && lines[1].hasSuffix("marketing, service"))
        #expect(lines[2].hasSuffix("  marketing"))
        #expect(lines[3].hasSuffix("nothing, it has ended"))
        #expect(SuppressionText.blocked(by: rows[0], at: now, policy: nil) == nil)
        #expect(SuppressionText.table(rows, at: now, policy: nil).lines(width: .max)[1].hasSuffix("?"))
        let listed = SuppressionText.table(rows).lines(width: .max)
        #expect(listed[2].hasPrefix("s2") && listed[2].contains("mailto:ana@example.com") && listed[2].hasSuffix("–"))
    }
}
