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
        func list(_ path: String) -> [String]? {
            try? manager.contentsOfDirectory(atPath: path).filter { !$0.hasPrefix(".") }.sorted().map {
                path + "/" + $0
            }
        }
        let maildir = ["new", "cur"].compactMap { list(folder + "/" + $0) }.flatMap { $0 }
        if manager.fileExists(atPath: folder + "/cur") || manager.fileExists(atPath: folder + "/new") { return maildir }
        guard let all = list(folder) else { throw MailSourceError.unreadable(folder) }
        let endings = [".eml", ".mbox", ".mbx", ".msg", ".txt"]
        return all.filter { name in endings.contains { name.lowercased().hasSuffix($0) } }
    }
}

/// Why a source can't be read. Names the path that the user gave, nothing of the content.
package enum MailSourceError: Error, Hashable, Sendable, CustomStringConvertible {
    case missing(String)
    case unreadable(String)

    package var description: String {
        switch self {
        case .missing(let path): "\(path): no such file or folder"
        case .unreadable(let path): "\(path): can't be read"
        }
    }
}
