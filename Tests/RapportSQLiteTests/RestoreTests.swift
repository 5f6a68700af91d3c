import Foundation
import GRDB
import RapportLog
import Testing

@testable import RapportSQLite

@Suite("A store that is put back from a copy")
struct RestoreTests {
    private let folder: ScratchFolder
    private let files = FileManager.default

    /// A closed store that knows a word, its copy beside it, and a word that came later.
    init() async throws {
        folder = try ScratchFolder()
        let store = try await SQLiteStore.open(path: folder.path())
        try await Self.add("early", to: store)
        try await store.backup(to: folder.path("copy.db"))
        try await Self.add("late", to: store)
        // What a kill leaves: the later word is in the write-ahead log alone.
        for suffix in ["", "-wal", "-shm"] {
            try files.copyItem(atPath: folder.path("rapport.db" + suffix), toPath: folder.path("killed.db" + suffix))
        }
        try await store.close()
    }

    private static func add(_ word: String, to store: SQLiteStore) async throws {
        try await store.commits.write("filling") { _ = try $0.word(word) }
    }

    private func knows(_ word: String, _ name: String) async throws -> Bool {
        let store = try await SQLiteStore.open(path: folder.path(name))
        let count = try await store.read("looking") {
            try $0.db.number("SELECT count(*) FROM word WHERE text = ?", [word])
        }
        try await store.close()
        return count == 1
    }

    private func restore(_ copy: String, to name: String, _ prepare: (SQLiteStore) async throws -> Void) async throws {
        try await SQLiteStore.restore(
            folder.path(copy), to: folder.path(name), keeping: folder.path("kept.db"), preparing: prepare)
    }

    @Test(
        "has what the copy has and what was prepared in it, and what was there is kept, its log too",
        arguments: ["rapport.db", "killed.db", "new.db"])
    func whole(name: String) async throws {
        defer { folder.remove() }
        try await restore("copy.db", to: name) { try await Self.add("prepared", to: $0) }
        let beside = try files.contentsOfDirectory(atPath: folder.url.path)
        #expect(!beside.contains { $0.hasPrefix(name + "-") || $0.hasPrefix(name + ".") }, "\(beside)")
        #expect(try await knows("early", name))
        #expect(try await knows("prepared", name))
        #expect(try await !knows("late", name))
        #expect(try await !knows("prepared", "copy.db"))
        if name == "new.db" {
            #expect(!beside.contains("kept.db"))
        } else {
            #expect(try await knows("late", "kept.db"))
        }
    }

    private struct Refusal: Error {}

    @Test(
        "is as it was when there is something wrong with the copy",
        arguments: ["empty", "text", "newer", "another's", "missing", "refused"])
    func untouched(copy: String) async throws {
        defer { folder.remove() }
        try Data().write(to: URL(filePath: folder.path("empty")))
        try Data(String(repeating: "no store at all\n", count: 100).utf8).write(to: URL(filePath: folder.path("text")))
        for (name, change) in [("newer", "user_version = 99"), ("another's", "application_id = 1"), ("refused", "")] {
            try files.copyItem(atPath: folder.path("copy.db"), toPath: folder.path(name))
            let database = try DatabaseQueue(path: folder.path(name))
            try await database.writeWithoutTransaction { try $0.execute(sql: change.isEmpty ? "" : "PRAGMA \(change)") }
            try database.close()
        }
        let before = try files.contentsOfDirectory(atPath: folder.url.path).sorted()
        await #expect(throws: (any Error).self) {
            try await restore(copy, to: "rapport.db") { _ in
                #expect(copy == "refused")
                throw Refusal()
            }
        }
        let after = try files.contentsOfDirectory(atPath: folder.url.path).sorted()
        #expect(after == before)
        #expect(try await knows("late", "rapport.db"))
    }

    @Test("does not remove the copy that it is to be made from", arguments: [false, true])
    func itsOwnSource(isLinked: Bool) async throws {
        defer { folder.remove() }
        try files.moveItem(atPath: folder.path("copy.db"), toPath: folder.path("rapport.db.restoring"))
        if isLinked {
            try files.createSymbolicLink(
                atPath: folder.path("linked"), withDestinationPath: folder.path("rapport.db.restoring"))
        }
        let copy = isLinked ? "linked" : "../\(folder.url.lastPathComponent)/rapport.db.restoring"
        let error = await #expect(throws: StoreError.self) { try await restore(copy, to: "rapport.db") { _ in } }
        #expect(error?.detail.contains("would be removed first") == true)
        #expect(try await knows("early", "rapport.db.restoring"))
        #expect(try await knows("late", "rapport.db"))
    }

    @Test("does not lose what another restore kept, and is as it was", arguments: ["kept.db", "kept.db-wal"])
    func kept(name: String) async throws {
        defer { folder.remove() }
        try Data("mine".utf8).write(to: URL(filePath: folder.path(name)))
        let error = await #expect(throws: StoreError.self) {
            try await restore("copy.db", to: "killed.db") { _ in }
        }
        #expect(error?.detail == "restoring: \(folder.path(name)): file exists")
        #expect(try Data(contentsOf: URL(filePath: folder.path(name))) == Data("mine".utf8))
        #expect(!files.fileExists(atPath: folder.path("killed.db.restoring")))
        #expect(try await knows("late", "killed.db"))
    }

    @Test("leaves what was there whole under one name, wherever it is cut off", arguments: 0...3)
    func cutOff(after count: Int) async throws {
        defer { folder.remove() }
        let steps = StoreRenaming.steps(
            from: StoreFiles(folder.path("killed.db")), to: StoreFiles(folder.path("kept.db")))
        #expect(steps.count == 3)
        for step in steps.prefix(count) { try step.carryOut() }
        let names = ["killed.db", "kept.db"].filter { files.fileExists(atPath: folder.path($0)) }
        #expect(names.count == 1)
        #expect(try await knows("late", try #require(names.first)))
    }

    @Test("is ended by the next one where it was cut off before its last step")
    func ended() async throws {
        defer { folder.remove() }
        let steps = StoreRenaming.steps(
            from: StoreFiles(folder.path("killed.db")), to: StoreFiles(folder.path("kept.db")))
        for step in steps.dropLast() { try step.carryOut() }
        try await restore("copy.db", to: "killed.db") { _ in }
        #expect(try await !knows("late", "killed.db"))
        #expect(try await knows("late", "kept.db"))
    }
}
