import CZlib
import Foundation

/// Compresses payloads with zlib (RFC 1950).
enum Deflate {
    /// `nil` when the bytes would not become fewer.
    static func compress(_ bytes: [UInt8]) -> Data? {
        // What is shorter than this saves less than a row's worth, and every commit waits for it.
        guard bytes.count >= 512 else { return nil }
        var stream = z_stream()
        let window = windowBits(of: bytes.count)
        // Level 1: a commit waits for this, and higher levels save little on small documents.
        guard
            deflateInit2_(
                &stream, 1, Z_DEFLATED, window, window - 7, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        // What does not fit into fewer bytes than there were is not worth keeping.
        var output = Data(count: bytes.count - 1)
        let status = output.withUnsafeMutableBytes { target in
            bytes.withUnsafeBufferPointer { source in
                stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                stream.avail_in = UInt32(clamping: source.count)
                stream.next_out = target.bindMemory(to: UInt8.self).baseAddress
                stream.avail_out = UInt32(clamping: target.count)
                return deflate(&stream, Z_FINISH)
            }
        }
        guard status == Z_STREAM_END else { return nil }
        return output.prefix(Int(stream.total_out))
    }

    /// A window that is not much larger than what it looks at. zlib's usual one has 256 KiB to clear for each payload,
    /// which costs far more than compressing a few hundred bytes does.
    private static func windowBits(of count: Int) -> Int32 {
        let needed = Int32(Int.bitWidth - (count - 1).leadingZeroBitCount)
        return min(15, max(9, needed))
    }

    /// - Parameter size: how many bytes there were before.
    static func expand(_ data: Data, size: Int) throws -> [UInt8] {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { target, count in
            var length = UInt(size)
            let status = data.withUnsafeBytes { source in
                uncompress(target.baseAddress, &length, source.bindMemory(to: UInt8.self).baseAddress, UInt(data.count))
            }
            failed = status != Z_OK || Int(length) != size
            count = failed ? 0 : size
        }
        guard !failed else { throw UnknownCode(type: "payload", code: Int64(size)) }
        return bytes
    }
}
