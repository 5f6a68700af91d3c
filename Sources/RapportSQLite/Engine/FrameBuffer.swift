import GRDBSQLite

/// Holds what SQLite writes to a write-ahead log until a commit is whole, so that it takes one call of the system.
///
/// A transaction is written as frames: a header of 24 bytes and a page each (https://sqlite.org/fileformat2.html, section
/// 4.1). The header of the last one says how many pages the database has then, which makes it a commit. Before that nobody
/// but the connection that writes looks at them, which flushes before it does.
struct FrameBuffer: ~Copyable {
    /// Writes to the file; returns a result code.
    typealias Write = (UnsafeRawBufferPointer, _ offset: Int64) -> Int32

    private static let headerSize = 24
    /// SQLite's way to the system writes no more with one call.
    static let capacity = (128 << 10) - 1

    /// Made with the first write: most connections only read.
    private var bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    private var count = 0
    /// Where in the file the first of them belongs.
    private var start: Int64 = 0
    /// Whether what follows a header is the page of a commit.
    private var endsCommit = false

    deinit { bytes.deallocate() }

    /// - Returns: a result code. After an error nothing is held any more: SQLite takes the whole transaction back.
    mutating func write(_ part: UnsafeRawBufferPointer, at offset: Int64, _ write: Write) -> Int32 {
        let isHeader = part.count == Self.headerSize
        if isHeader { endsCommit = part[4..<8].contains { $0 != 0 } }
        if offset != start + Int64(count) || count + part.count > Self.capacity {
            let code = flush(write)
            guard code == SQLITE_OK else { return code }
            start = offset
        }
        // Where pages were written over within their transaction, the headers behind them follow alone, each after it was
        // read: no page follows the last one.
        guard count > 0 || !endsCommit else { return write(part, offset) }
        if bytes.isEmpty { bytes = .allocate(byteCount: Self.capacity, alignment: 16) }
        UnsafeMutableRawBufferPointer(rebasing: bytes[count...]).copyMemory(from: part)
        count += part.count
        return endsCommit && !isHeader ? flush(write) : SQLITE_OK
    }

    mutating func flush(_ write: Write) -> Int32 {
        guard count > 0 else { return SQLITE_OK }
        let (held, offset) = (UnsafeRawBufferPointer(rebasing: bytes[..<count]), start)
        start += Int64(count)
        count = 0
        return write(held, offset)
    }
}
