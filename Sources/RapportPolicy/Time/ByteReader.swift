/// Walks over the bytes of a compiled time zone; big-endian, as RFC 8536 has it.
struct ByteReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    mutating func take(_ count: Int) throws(ZoneFile.Failure) -> ArraySlice<UInt8> {
        guard count <= rest.count else { throw .truncated }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func skip(_ count: Int) throws(ZoneFile.Failure) {
        _ = try take(count)
    }

    mutating func byte() throws(ZoneFile.Failure) -> UInt8 {
        guard let byte = try take(1).first else { throw .truncated }
        return byte
    }

    /// A signed number of `size` bytes, 4 or 8.
    mutating func integer(_ size: Int) throws(ZoneFile.Failure) -> Int64 {
        var value: Int64 = 0
        for (index, byte) in try take(size).enumerated() {
            value = index == 0 ? Int64(Int8(bitPattern: byte)) : value << 8 | Int64(byte)
        }
        return value
    }

    /// Up to the next line feed, which must be there.
    mutating func line() throws(ZoneFile.Failure) -> [UInt8] {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { throw .truncated }
        return Array(try take(end - rest.startIndex))
    }
}
