/// Reads compiled time zones (TZif, RFC 8536, versions 1 to 3).
enum ZoneFile {
    /// Why a file can't be used. Says nothing but what is wrong with its form.
    enum Failure: Error, Hashable {
        case notTZif, truncated, malformed, leapSeconds, footer
    }

    static let maximumSize = 1 << 20

    /// - Throws: `Failure`.
    static func zone(named name: String, bytes: [UInt8]) throws(Failure) -> Zone {
        guard bytes.count <= maximumSize else { throw .malformed }
        var reader = ByteReader(bytes)
        let first = try Header(&reader)
        guard first.version >= UInt8(ascii: "2") else {
            let block = try Block(&reader, header: first, timeSize: 4)
            return Zone(name: name, initial: block.initial, changes: block.changes, repeats: false)
        }
        // Readers of version 2 and later skip the 32-bit data (section 3.3).
        try reader.skip(first.length(timeSize: 4))
        let header = try Header(&reader)
        let block = try Block(&reader, header: header, timeSize: 8)
        guard try reader.byte() == UInt8(ascii: "\n") else { throw .footer }
        let footer = try reader.line()
        guard !footer.isEmpty else {
            return Zone(name: name, initial: block.initial, changes: block.changes, repeats: false)
        }
        guard let rule = ZoneFooter(footer) else { throw .footer }
        return rule.extend(name: name, initial: block.initial, changes: block.changes)
    }

    /// Section 3.1.
    private struct Header {
        var version: UInt8
        var isUTCount, isStandardCount, leapCount, timeCount, typeCount, characterCount: Int

        init(_ reader: inout ByteReader) throws(Failure) {
            guard try reader.take(4) == Array("TZif".utf8)[...] else { throw .notTZif }
            version = try reader.byte()
            try reader.skip(15)
            isUTCount = Int(try reader.integer(4))
            isStandardCount = Int(try reader.integer(4))
            leapCount = Int(try reader.integer(4))
            timeCount = Int(try reader.integer(4))
            typeCount = Int(try reader.integer(4))
            characterCount = Int(try reader.integer(4))
            let counts = [isUTCount, isStandardCount, leapCount, timeCount, typeCount, characterCount]
            guard typeCount > 0, counts.allSatisfy({ $0 >= 0 && $0 <= maximumSize }) else { throw .malformed }
        }

        func length(timeSize: Int) -> Int {
            timeCount * (timeSize + 1) + typeCount * 6 + characterCount + leapCount * (timeSize + 4)
                + isStandardCount + isUTCount
        }
    }

    /// Section 3.2.
    private struct Block {
        /// Before the first transition local time is that of type 0.
        var initial: Int64
        var changes: [(at: Int64, offset: Int64)] = []

        init(_ reader: inout ByteReader, header: Header, timeSize: Int) throws(Failure) {
            // POSIX time has no leap seconds; a file that counts them would be off by half a minute.
            guard header.leapCount == 0 else { throw .leapSeconds }
            var times: [Int64] = []
            for _ in 0..<header.timeCount { times.append(try reader.integer(timeSize)) }
            let indices = try reader.take(header.timeCount)
            var offsets: [Int64] = []
            for _ in 0..<header.typeCount {
                let offset = try reader.integer(4)
                guard abs(offset) < Zone.widestOffset else { throw .malformed }
                offsets.append(offset)
                try reader.skip(2)
            }
            try reader.skip(header.characterCount + header.isStandardCount + header.isUTCount)
            initial = offsets[0]
            for (time, index) in zip(times, indices) {
                guard changes.last.map({ $0.at < time }) ?? true, Int(index) < offsets.count else { throw .malformed }
                changes.append((time, offsets[Int(index)]))
            }
        }
    }
}
