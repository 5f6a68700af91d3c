import CZlib
import Foundation

/// Compresses payloads with zlib (RFC 1950).
enum Deflate {
    /// `nil` when the bytes would not become fewer.
    static func compress(_ bytes: [UInt8]) -> Data? {
        // What is shorter than this seldom gets smaller.
        guard bytes.count >= 64 else { return nil }
        var length = compressBound(UInt(bytes.count))
        var output = Data(count: Int(length))
        let status = output.withUnsafeMutableBytes { target in
            bytes.withUnsafeBufferPointer { source in
                // Level 1: a commit waits for this, and higher levels save little on small documents.
                compress2(
                    target.bindMemory(to: UInt8.self).baseAddress, &length, source.baseAddress, UInt(source.count), 1)
            }
        }
        guard status == Z_OK, Int(length) < bytes.count else { return nil }
        return output.prefix(Int(length))
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
