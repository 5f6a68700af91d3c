import Foundation
import RapportCore
import RapportLog
import RapportSQLite
import Synchronization
import Testing

@testable import RapportHub

@Suite("A file of addresses that must not be used")
struct SuppressionImportTests {
    private func importer(
        _ hub: HubFixture, over store: (any IntakeStoring & CustomerStoring)? = nil
    ) -> SuppressionImporter {
        SuppressionImporter(
            store: store ?? hub.store, normalizer: hub.normalizer, region: "CN", clock: hub.clock, author: "lena")
    }

    private func file(_ hub: HubFixture, _ csv: String) throws -> String {
        let file = hub.folder.appending(path: "\(UUID().uuidString).csv").path
        try Data(csv.utf8).write(to: URL(filePath: file))
        return file
    }

    private func imports(_ hub: HubFixture, _ file: String) async throws -> SuppressionImporter.Report {
        try await importer(hub).run(file: file, rejects: file + ".rejected") { _, _ in }
    }

    private func rejects(_ file: String) throws -> [Substring] {
        try String(contentsOfFile: file + ".rejected", encoding: .utf8).split(separator: "\n")
    }

    @Test("brings in what it says of each address, names bad lines, and adds nothing when it comes again")
    func whole() async throws {
        let hub = try await HubFixture()
        let file = try file(
            hub,
            """
            address,email,phone,reason,at,until,created
            ,Ana@example.com;bo@example.com,,hard-bounce,2026-01-05T10:00:00Z,,x
            tel:13800138000,,,stop,,,
            id:crm/7,,,,,2027-01-01T00:00:00Z,
            ,,13800138001,complaint,,,
            ,not-an-address,,,,,
            ,cy@example.com,,invalid,,,
            ,di@example.com,,bounced,,,
            ,ed@example.com,,,2026-07-01T00:00:00Z,,
            ,fi@example.com,,,,2026-06-01T00:00:00Z,
            ,gi@example.com,,,tomorrow,,
            id:erased/00,,,,,,
            ,,,,,,
            """)
        #expect(try await imports(hub, file) == .init(added: 5, rejected: 8, ignored: ["created"]))
        let found = try await hub.store.suppressions(SuppressionFilter(), before: nil, limit: 100)
        #expect(
            found.reversed().map { "\($0.address.uri) \($0.reason.rawValue) \($0.until?.rfc3339 ?? "–")" } == [
                "mailto:ana@example.com hard-bounce –", "mailto:bo@example.com hard-bounce –",
                "tel:+8613800138000 stop –", "id:crm/7 manual 2027-01-01T00:00:00Z",
                "tel:+8613800138001 complaint –",
            ])
        #expect(found.map(\.at.rfc3339).suffix(2).allSatisfy { $0 == "2026-01-05T10:00:00Z" })
        let rows = try await hub.store.interactions(after: nil, limit: 100)
        #expect(rows.count == 5 && rows.allSatisfy { $0.kind == .suppressionAdded && $0.adapter == "cli" })
        #expect(rows.allSatisfy { $0.customer == nil && $0.attributes["author"] == "lena" })
        #expect(rows[0].to == "mailto:Ana@example.com")

        let rejected = try rejects(file)
        #expect(rejected.first == "address,email,phone,reason,at,until,created,reason of rejection")
        let reasons = [
            "line 6: email: the mailbox has no @", "line 7: ‘invalid’ is the hub's own finding",
            "line 8: reason: expected hard-bounce, stop, complaint or manual",
            "line 9: the time since when it holds is still to come", "line 10: the time until which it holds is over",
            "line 11: at: expected an instant such as 2026-01-05T10:00:00Z",
            "line 12: address: ids of the system ‘erased’ are the hub's own", "line 13: no address, email or phone",
        ]
        try #require(rejected.count == reasons.count + 1)
        for (line, reason) in zip(rejected.dropFirst(), reasons) { #expect(line.contains(reason)) }

        #expect(try await imports(hub, file) == .init(known: 5, rejected: 8, ignored: ["created"]))
        #expect(try await hub.store.lastPosition() == 5)
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("is mended and brought in from its list of rejected lines, which goes when nothing is left in it")
    func mended() async throws {
        let hub = try await HubFixture()
        let first = try file(hub, "email\nana\nbo@example.com\n")
        #expect(try await imports(hub, first) == .init(added: 1, rejected: 1))
        let text = try String(contentsOfFile: first + ".rejected", encoding: .utf8)
        #expect(text == "email,reason of rejection\nana,line 2: email: the mailbox has no @\n")
        let mended = try file(hub, text.replacing("ana,", with: "ana@example.com,"))
        #expect(try await imports(hub, mended) == .init(added: 1))
        #expect(!FileManager.default.fileExists(atPath: mended + ".rejected"))
        try Data("email\nana@example.com\n".utf8).write(to: URL(filePath: first))
        #expect(try await imports(hub, first) == .init(known: 1))
        #expect(!FileManager.default.fileExists(atPath: first + ".rejected"))
        try await hub.close()
    }

    @Test("may be long and say things twice: it is written in parts, each address once")
    func pages() async throws {
        let hub = try await HubFixture()
        let lines = (0..<1_200).map { "n\($0 % 700)@example.com" }
        let file = try file(hub, "email\n" + lines.joined(separator: "\n") + "\n")
        let parts = Mutex<[Int]>([])
        let report = try await importer(hub).run(file: file, rejects: file + ".rejected") { done, total in
            #expect(total == 1_201)
            parts.withLock { $0.append(done) }
        }
        #expect(report == .init(added: 700, known: 500))
        #expect(parts.withLock { $0 } == [501, 1_001, 1_201])
        #expect(try await hub.store.lastPosition() == 700)
        try await hub.close()
    }

    @Test("adds nothing twice that somebody else adds meanwhile")
    func atOnce() async throws {
        let hub = try await HubFixture()
        let file = try file(hub, "email\nana@example.com\nbo@example.com\n")
        let store = SlowStore(hub.store)
        let slow = importer(hub, over: store)
        let importing = Task { try await slow.run(file: file, rejects: file + ".rejected") { _, _ in } }
        await store.isAskedToCommit()
        let bo = try #require(Address(normalized: "mailto:bo@example.com"))
        _ = try await hub.suppressions.add(SuppressionEntry(address: bo, reason: .manual))
        store.letCommit()
        #expect(try await importing.value == .init(added: 1, known: 1))
        #expect(try await hub.store.suppressions(of: [bo]).count == 1)
        #expect(try await hub.store.lastPosition() == 2)
        try await hub.close()
    }

    @Test(
        "is refused as a whole when it names no address, or a column twice",
        arguments: ["name\nAna\n", "email,email\na,b\n"])
    func refused(csv: String) async throws {
        let hub = try await HubFixture()
        let file = try file(hub, csv)
        await #expect(throws: ImportFileError.self) { try await imports(hub, file) }
        try await hub.close()
    }
}
