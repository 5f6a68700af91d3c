import Foundation

/// Where `rapport ingest mail` reads from: a file of one mail, a mailbox file, a Maildir, a folder of `.eml`, or the
/// standard input.
package enum MailSource: Hashable, Sendable {
    case standardInput
    case path(String)

    /// `-` is the standard input.
    package init(argument: String) {
        self = argument == "-" ? .standardInput : .path(argument)
    }

    /// The mails, read one at a time as they are asked for, so that mailboxes of any size use the memory of one mail.
    ///
    /// - Parameter limit: of one mail, in bytes; of a longer one `limit + 1` bytes are given, so that it shows.
    /// - Throws: `MailSourceError` when there is nothing to read at the path.
    package func mails(limit: Int = 25 << 20) throws(MailSourceError) -> MailSequence {
        switch self {
        case .standardInput:
            return MailSequence(files: [.init(name: "-", handle: .standardInput)], limit: limit)
        case .path(let path):
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw MailSourceError.missing(path)
            }
            let paths = isFolder.boolValue ? try Self.files(in: path) : [path]
            return MailSequence(files: paths.map { MailSequence.File(name: $0, handle: nil) }, limit: limit)
        }
    }

    /// A Maildir when it has `new` or `cur`, otherwise the mails and mailbox files of the folder itself, by name.
    private static func files(in folder: String) throws(MailSourceError) -> [String] {
        let manager = FileManager.default
        func list(_ path: String) throws(MailSourceError) -> [String] {
            guard let names = try? manager.contentsOfDirectory(atPath: path) else { throw .unreadable(path) }
            return names.filter { !$0.hasPrefix(".") }.sorted().map { path + "/" + $0 }
        }
        let parts = ["new", "cur"].map { folder + "/" + $0 }.filter { manager.fileExists(atPath: $0) }
        guard parts.isEmpty else {
            var mails: [String] = []
            for part in parts { mails += try list(part) }
            return mails
        }
        let all = try list(folder)
        let endings = [".eml", ".mbox", ".mbx", ".msg", ".txt"]
        return all.filter { name in endings.contains { name.lowercased().hasSuffix($0) } }
    }
}

/// Why a source can't be read. Names the path that the user gave, nothing of the content.
package enum MailSourceError: Error, Hashable, Sendable, CustomStringConvertible {
    case missing(String)
    case unreadable(String)
    /// A file that failed amid reading: the mails before are given, the rest is not known.
    case interrupted(String, mailsBefore: Int)

    package var description: String {
        switch self {
        case .missing(let path): "\(path): no such file or folder"
        case .unreadable(let path): "\(path): can't be read"
        case .interrupted(let path, 0): "\(path): could not be read to its end; nothing of it was taken"
        case .interrupted(let path, let mails):
            "\(path): could not be read on after mail \(mails); the rest was not taken"
        }
    }
}
