/// How much of the air a text takes: 160 septets or 70 UTF-16 units alone, 153 or 67 in each of several segments
/// (3GPP TS 23.040, section 9.2.3.24.1: six octets of each go to the header that joins them).
package struct SMSLength: Hashable, Sendable {
    package enum Encoding: String, Sendable, CaseIterable {
        case gsm7 = "GSM-7"
        case ucs2 = "UCS-2"

        var alone: Int { self == .gsm7 ? 160 : 70 }
        var joined: Int { self == .gsm7 ? 153 : 67 }
    }

    package let encoding: Encoding
    /// Septets or UTF-16 units, without headers.
    package let units: Int
    /// At least one, also for an empty text.
    package let segments: Int

    /// A segment never parts an escape from its character nor the two halves of a surrogate pair.
    package init(of text: String) {
        var septets: [Int] = []
        var isGSM = true
        for scalar in text.unicodeScalars {
            guard let codes = GSM7.codes(of: scalar) else {
                isGSM = false
                break
            }
            septets.append(codes.count)
        }
        let sizes = isGSM ? septets : text.unicodeScalars.map { UTF16.width($0) }
        encoding = isGSM ? .gsm7 : .ucs2
        units = sizes.reduce(0, +)
        segments = units <= encoding.alone ? 1 : Self.segments(sizes, capacity: encoding.joined)
    }

    private static func segments(_ sizes: [Int], capacity: Int) -> Int {
        var segments = 1
        var used = 0
        for size in sizes {
            if used + size > capacity {
                segments += 1
                used = 0
            }
            used += size
        }
        return segments
    }
}
