import GRDBSQLite
import Testing

@testable import RapportSQLite

@Suite("Frames of the write-ahead log")
struct FrameBufferTests {
    /// A file in memory that notes how it is written to.
    private final class File {
        var bytes: [UInt8] = []
        var calls: [Range<Int>] = []
        var code = SQLITE_OK

        func write(_ part: UnsafeRawBufferPointer, _ offset: Int64) -> Int32 {
            guard code == SQLITE_OK else { return code }
            let range = Int(offset)..<Int(offset) + part.count
            calls.append(range)
            if bytes.count < range.upperBound { bytes += Array(repeating: 0, count: range.upperBound - bytes.count) }
            bytes.replaceSubrange(range, with: part)
            return SQLITE_OK
        }
    }

    private static let page = 512

    private static func header(pages: UInt32 = 0) -> [UInt8] {
        [0, 0, 0, 7] + withUnsafeBytes(of: pages.bigEndian, Array.init) + Array(repeating: 9, count: 16)
    }

    /// Frames from an offset on, the last of them a commit.
    private func frames(_ count: Int, at offset: inout Int, ends: Bool = true) -> [(offset: Int, bytes: [UInt8])] {
        var parts: [(Int, [UInt8])] = []
        for number in 0..<count {
            let isLast = ends && number == count - 1
            for part in [Self.header(pages: isLast ? 300 : 0), Array(repeating: UInt8(number + 1), count: Self.page)] {
                parts.append((offset, part))
                offset += part.count
            }
        }
        return parts
    }

    private func write(
        _ parts: [(offset: Int, bytes: [UInt8])], _ frames: inout FrameBuffer, _ file: File
    ) -> [Int32] {
        parts.map { part in part.bytes.withUnsafeBytes { frames.write($0, at: Int64(part.offset), file.write) } }
    }

    @Test("of a commit leave with one call, as soon as it is whole")
    func commits() {
        let file = File()
        var frames = FrameBuffer()
        var offset = 32
        var expected = [UInt8](repeating: 7, count: 32)
        var parts = [(offset: 0, bytes: expected)]
        for count in [3, 5, 2] { parts += self.frames(count, at: &offset) }
        expected = parts.flatMap(\.bytes)
        for (index, part) in parts.enumerated() {
            #expect(write([part], &frames, file) == [SQLITE_OK])
            let whole = [6, 16, 20].filter { $0 <= index }.count
            #expect(file.calls.count == whole, "\(index)")
        }
        #expect(file.bytes == expected)
        #expect(file.calls.first == 0..<32 + 3 * (24 + Self.page))
    }

    @Test("that do not follow each other, or are too many, leave in order")
    func apart() {
        let file = File()
        var frames = FrameBuffer()
        var offset = 32
        let first = self.frames(2, at: &offset, ends: false)
        // A page of the same transaction is written over, and it goes on behind.
        let again = [(offset: 32 + 24, bytes: [UInt8](repeating: 8, count: Self.page))]
        let many = self.frames(FrameBuffer.capacity / Self.page, at: &offset)
        #expect(write(first + again + many, &frames, file).allSatisfy { $0 == SQLITE_OK })
        #expect(file.calls.map(\.lowerBound) == [32, 56, 32 + 2 * 536, file.calls[3].lowerBound])
        #expect(file.calls.allSatisfy { $0.count <= FrameBuffer.capacity })
        #expect(Array(file.bytes[56..<56 + Self.page]) == again[0].bytes)
        #expect(Array(file.bytes[(32 + 2 * 536)...]) == many.flatMap(\.bytes))
    }

    @Test("are flushed where somebody reads, and the header of a commit that stands alone is not held")
    func headersAlone() {
        let file = File()
        var frames = FrameBuffer()
        // As SQLite does after it has written over a page: reads each frame and writes its header anew.
        for (offset, pages) in [(32, 0), (568, 0), (1104, 300)] {
            #expect(frames.flush(file.write) == SQLITE_OK)
            #expect(write([(offset, Self.header(pages: UInt32(pages)))], &frames, file) == [SQLITE_OK])
        }
        #expect(file.calls.map(\.lowerBound) == [32, 568, 1104])
        // A commit of one page leaves as well.
        var offset = 1640
        #expect(write(self.frames(1, at: &offset), &frames, file) == [SQLITE_OK, SQLITE_OK])
        #expect(file.calls.last?.upperBound == offset)
    }

    @Test("that can't be written are told of once and forgotten, because their transaction is")
    func failing() {
        let file = File()
        var frames = FrameBuffer()
        var offset = 32
        let parts = self.frames(3, at: &offset)
        file.code = SQLITE_FULL
        #expect(write(parts, &frames, file) == Array(repeating: SQLITE_OK, count: 5) + [SQLITE_FULL])
        file.code = SQLITE_OK
        #expect(frames.flush(file.write) == SQLITE_OK)
        #expect(file.calls == [])
        #expect(write(parts, &frames, file).allSatisfy { $0 == SQLITE_OK })
        #expect(file.calls == [32..<offset])
    }
}
