import Foundation
import Glibc
import Testing

@testable import RapportEmail

@Suite("Reading mails from files")
struct MailSourceTests {
    private func withFolder<R>(_ body: (String) throws -> R) throws -> R {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rapport-mail-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try body(folder)
    }

    private func write(_ text: String, to path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: path))
    }

    private func texts(_ path: String, limit: Int = 1 << 20) throws -> [String] {
        try MailSource(argument: path).mails(limit: limit).map { String(decoding: try $0.content.get(), as: UTF8.self) }
    }

    private static let mailboxes: [(mailbox: String, mails: [String])] = [
        ("Subject: a\n\nbody\n", ["Subject: a\n\nbody\n"]),
        (
            "From x Thu Jan  1 00:00:00 2026\nSubject: a\n\nb\n\nFrom y Thu\nSubject: c\n\nd\n\n",
            ["Subject: a\n\nb\n", "Subject: c\n\nd\n"]
        ),
        (
            "From x\r\nSubject: a\r\n\r\nb\r\n\r\nFrom y\r\nSubject: c\r\n\r\n",
            ["Subject: a\r\n\r\nb\r\n", "Subject: c\r\n"]
        ),
        ("From x\nSubject: a\n\n>From me\n>>From you\nFrom here\n", ["Subject: a\n\nFrom me\n>From you\nFrom here\n"]),
        ("Subject: a\n\n\nFrom here\n>From\n", ["Subject: a\n\n\nFrom here\n>From\n"]),
        ("", []), ("From x\n", [""]), ("From x\nSubject: no end", ["Subject: no end"]),
    ]

    @Test("a mailbox file is taken apart, and a single mail is left as it is", arguments: mailboxes.indices)
    func mailbox(index: Int) throws {
        try withFolder { folder in
            try write(Self.mailboxes[index].mailbox, to: folder + "/in.mbox")
            #expect(try texts(folder + "/in.mbox") == Self.mailboxes[index].mails)
        }
    }

    @Test("a Maildir gives what is new and what was read; a folder gives its mails by name")
    func folders() throws {
        try withFolder { folder in
            for (path, text) in [("/new/2", "two"), ("/cur/1:2,S", "one"), ("/tmp/3", "three"), ("/cur/.hidden", "no")]
            {
                try write(text, to: folder + "/maildir" + path)
            }
            #expect(try texts(folder + "/maildir") == ["two", "one"])
            for (path, text) in [
                ("/b.eml", "b"), ("/a.EML", "a"), ("/c.mbox", "From x\nc\n\nFrom y\nd\n"), ("/notes.pdf", "no"),
            ] {
                try write(text, to: folder + "/files" + path)
            }
            #expect(try texts(folder + "/files") == ["a", "b", "c\n", "d\n"])
            let names = try MailSource.path(folder + "/files").mails().map(\.name)
            #expect(names == ["/a.EML", "/b.eml", "/c.mbox:1", "/c.mbox:2"].map { folder + "/files" + $0 })
        }
    }

    @Test("a mail over the limit is cut one byte above it, and the next is whole")
    func limit() throws {
        try withFolder { folder in
            let long = String(repeating: "x", count: 300_000)
            try write("From x\n\(long)\n\nFrom y\nsmall\n", to: folder + "/in.mbox")
            #expect(try texts(folder + "/in.mbox", limit: 1000).map(\.count) == [1001, 6])
        }
    }

    @Test("lines longer than a block are read whole, and a From inside them parts nothing")
    func longLines() throws {
        try withFolder { folder in
            let long = String(repeating: "y", count: 65_536) + "From z\n"
            try write("From x\n\n\(long)", to: folder + "/in.mbox")
            #expect(try texts(folder + "/in.mbox") == ["\n" + long])
        }
    }

    @Test("a missing path is said, a file that can't be opened is an entry that says so")
    func missing() throws {
        #expect(throws: MailSourceError.missing("/nowhere/at/all")) {
            try MailSource(argument: "/nowhere/at/all").mails()
        }
        #expect(MailSource(argument: "-") == .standardInput)
        try withFolder { folder in
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/gone.eml", withDestinationPath: folder + "/nothing")
            let name = folder + "/gone.eml"
            #expect(
                try Array(MailSource.path(folder).mails()) == [.init(name: name, content: .failure(.unreadable(name)))])
        }
    }

    @Test("a file that fails to be read is not an empty one")
    func failing() throws {
        try withFolder { folder in
            // A folder can be opened like a file, and fails when it is read.
            for name in ["a.eml", "c.eml"] { try write(name, to: folder + "/" + name) }
            try FileManager.default.createDirectory(atPath: folder + "/b.eml", withIntermediateDirectories: false)
            let mails = try Array(MailSource.path(folder).mails()).map(\.content)
            #expect(
                mails == [
                    .success(Array("a.eml".utf8)), .failure(.interrupted(folder + "/b.eml", mailsBefore: 0)),
                    .success(Array("c.eml".utf8)),
                ])
        }
    }

    @Test("a mailbox that fails amid reading gives the mails before, and says after which the rest is missing")
    func interrupted() throws {
        try withFolder { folder in
            let path = folder + "/in.mbox"
            try write(
                "From x\n\none\n\nFrom y\n\ntwo\n\nFrom z\n\n" + String(repeating: "x\n", count: 100_000), to: path)
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            var mails = MailSequence(files: [.init(name: path, handle: handle)], limit: 1 << 20).makeIterator()
            #expect(try mails.next()?.content.get() == Array("\none\n".utf8))
            // From here on the descriptor is one that can only be written to.
            let writing = try FileHandle(forWritingTo: URL(filePath: path))
            #expect(dup2(writing.fileDescriptor, handle.fileDescriptor) == handle.fileDescriptor)
            #expect(try mails.next()?.content.get() == Array("\ntwo\n".utf8))
            #expect(mails.next()?.content == .failure(.interrupted(path, mailsBefore: 2)))
            #expect(mails.next() == nil)
        }
    }

    @Test("a part of a Maildir that can't be listed is not an empty one")
    func unlistable() throws {
        try withFolder { folder in
            try write("one", to: folder + "/cur/1")
            try write("no folder", to: folder + "/new")
            #expect(throws: MailSourceError.unreadable(folder + "/new")) { try MailSource.path(folder).mails() }
        }
    }
}
