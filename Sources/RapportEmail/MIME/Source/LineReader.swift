import Foundation

/// Reads a file line by line in blocks, whatever the length of its lines.
struct LineReader {
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private var position = 0
    private static let block = 64 << 10

    init(_ handle: FileHandle) {
        self.handle = handle
    }

    /// The next line with its line feed, or a piece of a line that is longer than a block; `nil` at the end.
    ///
    /// - Throws: when the file fails to be read: that is not its end, and what was read of a line by then is none.
    mutating func next() throws -> ArraySlice<UInt8>? {
        if let line = takeLine() { return line }
        while buffer.count - position < Self.block {
            guard let more = try handle.read(upToCount: Self.block), !more.isEmpty else { break }
            buffer.removeSubrange(..<position)
            position = 0
            buffer.append(contentsOf: more)
            if let line = takeLine() { return line }
        }
        guard position < buffer.count else { return nil }
        defer { position = buffer.count }
        return buffer[position...]
    }

    private mutating func takeLine() -> ArraySlice<UInt8>? {
        guard let end = buffer[position...].firstIndex(of: 10) else { return nil }
        defer { position = end + 1 }
        return buffer[position...end]
    }
}
