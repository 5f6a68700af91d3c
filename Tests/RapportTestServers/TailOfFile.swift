import Foundation

/// Reading what another process is still writing.
enum TailOfFile {
    /// The last `limit` bytes of a file as text; nothing when there is no such file.
    static func text(_ path: String, last limit: Int = 1 << 20) -> String {
        guard let handle = FileHandle(forReadingAtPath: path) else { return "" }
        defer { try? handle.close() }
        guard let size = try? handle.seekToEnd() else { return "" }
        try? handle.seek(toOffset: size > UInt64(limit) ? size - UInt64(limit) : 0)
        guard let data = try? handle.readToEnd() else { return "" }
        return String(decoding: data, as: UTF8.self)
    }
}
