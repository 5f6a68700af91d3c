import Foundation

/// The mails of some files, read lazily. A file that can't be read, or not to its end, is an entry too.
package struct MailSequence: Sequence {
    package struct Entry: Hashable, Sendable {
        /// The file, and for mailbox files the number of the mail in it: `in.mbox:3`.
        package var name: String
        /// The bytes of the mail, or why there are none.
        package var content: Result<[UInt8], MailSourceError>
    }

    struct File {
        var name: String
        /// Opened by name when there is none.
        var handle: FileHandle?
    }

    let files: [File]
    let limit: Int

    package func makeIterator() -> Iterator {
        Iterator(files: files, limit: limit)
    }

    package struct Iterator: IteratorProtocol {
        private var files: ArraySlice<File>
        private let limit: Int
        private var reader: MailboxReader?

        init(files: [File], limit: Int) {
            self.files = files[...]
            self.limit = limit
        }

        package mutating func next() -> Entry? {
            while true {
                if let entry = reader?.next() { return entry }
                reader = nil
                guard let file = files.popFirst() else { return nil }
                guard let handle = file.handle ?? FileHandle(forReadingAtPath: file.name) else {
                    return Entry(name: file.name, content: .failure(.unreadable(file.name)))
                }
                reader = MailboxReader(name: file.name, lines: LineReader(handle), limit: limit)
            }
        }
    }
}
