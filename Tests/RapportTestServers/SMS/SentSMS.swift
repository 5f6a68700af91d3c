/// A message that reached the fake SMSC, as its log shows it: `Got message 1: <from to type data>`.
package struct SentSMS: Sendable, Equatable {
    package let from: String
    package let to: String
    /// `text`, `ucs-2`, `data`, or `udh` for a segment, whose alphabet the log does not show.
    package let type: String
    /// The user data header of a segment (3GPP TS 23.040 section 9.2.3.24).
    package let header: [UInt8]
    package let payload: [UInt8]

    /// The text, taken for UTF-16 when its type is `ucs-2`.
    package var text: String { type == "ucs-2" ? utf16Text : String(decoding: payload, as: UTF8.self) }

    /// The payload as UTF-16, which only the sender of a segment knows it to be.
    package var utf16Text: String {
        let units = stride(from: 0, to: payload.count - 1, by: 2).map {
            UInt16(payload[$0]) << 8 | UInt16(payload[$0 + 1])
        }
        return String(decoding: units, as: UTF16.self)
    }

    /// A text may hold line feeds, so a message ends at the last `>` that ends a line before the next message.
    static func parse(_ log: String) -> [SentSMS] {
        log.split(separator: ": Got message ", omittingEmptySubsequences: false).dropFirst().compactMap { rest in
            guard let start = rest.firstRange(of: ": <"), let end = rest.ranges(of: ">\n").last else { return nil }
            return SentSMS(rest[start.upperBound..<end.lowerBound])
        }
    }

    private init?(_ message: Substring) {
        let words = message.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard words.count == 4 else { return nil }
        (from, to, type) = (words[0], words[1], words[2])
        switch type {
        case "text":
            (header, payload) = ([], Array(words[3].utf8))
        case "udh":
            let parts = words[3].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return nil }
            (header, payload) = (FormFields.decoded(parts[0]), FormFields.decoded(parts[2]))
        default:
            (header, payload) = ([], FormFields.decoded(words[3]))
        }
    }
}
