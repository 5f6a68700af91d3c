import Foundation

/// Where a message's text comes from.
enum MessageSource: Hashable {
    case text(String)
    case file(String)
    case standardInput

    /// In bytes.
    static let limit = 200_000

    /// - Throws: `MessageError`.
    func read() throws -> String {
        let text: String
        switch self {
        case .text(let given): text = given
        case .file(let path):
            guard let file = FileHandle(forReadingAtPath: path) else { throw MessageError.unreadable(path) }
            text = try Self.text(of: file, place: path)
        case .standardInput: text = try Self.text(of: .standardInput, place: "standard input")
        }
        guard text.utf8.count <= Self.limit else { throw MessageError.tooLong }
        guard text.contains(where: { !$0.isWhitespace }) else { throw MessageError.empty }
        return text
    }

    /// Reads no more than one byte above the limit.
    private static func text(of file: FileHandle, place: String) throws -> String {
        var data = Data()
        while data.count <= limit {
            let more: Data?
            do {
                more = try file.read(upToCount: limit + 1 - data.count)
            } catch {
                // What has come so far is not what was meant to be said.
                throw MessageError.unreadable(place)
            }
            guard let more, !more.isEmpty else { break }
            data += more
        }
        guard data.count <= limit else { throw MessageError.tooLong }
        guard let text = String(validating: data, as: UTF8.self) else { throw MessageError.unreadable(place) }
        return text
    }
}
