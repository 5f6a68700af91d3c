/// Reads the content that follows DATA: undoes dot-stuffing and finds its end.
///
/// Only CR LF, a dot and CR LF end a content. A line feed or a carriage return by itself is a byte like any other, so
/// that nobody can hide a second message behind an end that another server does not see.
package struct LMTPContentReader: Sendable {
    private enum Place: Hashable, Sendable {
        case lineStart
        /// After a dot at the start of a line, which is not part of the content.
        case dot
        case dotReturn
        case middle
        case carriageReturn
    }

    private let limit: Int
    private var place = Place.lineStart
    package private(set) var content: [UInt8] = []
    /// Bytes of the content so far, kept or not.
    package private(set) var count = 0
    /// The content is not kept: too long, or no memory for it.
    package private(set) var isDropped = false

    package init(limit: Int) {
        self.limit = limit
    }

    package var isTooLarge: Bool { count > limit }

    /// Forgets the content; its end is still looked for.
    package mutating func drop() {
        content = []
        isDropped = true
    }

    /// Takes bytes up to the end of the content.
    ///
    /// - Parameter bytes: loses what has been taken.
    /// - Returns: whether the end was found.
    package mutating func read(_ bytes: inout ArraySlice<UInt8>) -> Bool {
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            switch place {
            case .middle:
                let end = Self.endOfPlainText(bytes[index...])
                keep(bytes[index..<end])
                index = end
                guard index < bytes.endIndex else { continue }
                keep(bytes[index])
                place = .carriageReturn
            case .lineStart where byte == UInt8(ascii: "."):
                place = .dot
            case .dot where byte == UInt8(ascii: "\r"):
                place = .dotReturn
            case .dotReturn where byte == UInt8(ascii: "\n"):
                bytes = bytes[(index + 1)...]
                return true
            case .dotReturn:
                keep(UInt8(ascii: "\r"))
                take(byte, after: .carriageReturn)
            case .lineStart, .dot, .carriageReturn:
                take(byte, after: place)
            }
            index += 1
        }
        bytes = []
        return false
    }

    private mutating func take(_ byte: UInt8, after place: Place) {
        keep(byte)
        switch byte {
        case UInt8(ascii: "\r"): self.place = .carriageReturn
        case UInt8(ascii: "\n") where place == .carriageReturn: self.place = .lineStart
        default: self.place = .middle
        }
    }

    /// Where the first carriage return stands that has to be looked at one by one, or the end: all that comes before goes
    /// into the content as it is, with the ends of its lines, because none of these lines begins with a dot.
    private static func endOfPlainText(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.withUnsafeBufferPointer { text in
            var end = 0
            while let found = UnsafeBufferPointer(rebasing: text[end...]).position(of: UInt8(ascii: "\r")) {
                end += found
                guard end + 2 < text.count, text[end + 1] == UInt8(ascii: "\n"), text[end + 2] != UInt8(ascii: "."),
                    text[end + 2] != UInt8(ascii: "\r")
                else { return bytes.startIndex + end }
                end += 3
            }
            return bytes.endIndex
        }
    }

    private mutating func keep(_ piece: ArraySlice<UInt8>) {
        if mayKeep(piece.count) { content += piece }
    }

    private mutating func keep(_ byte: UInt8) {
        if mayKeep(1) { content.append(byte) }
    }

    /// Whether so many bytes more are kept; what is too long is not.
    private mutating func mayKeep(_ more: Int) -> Bool {
        count += more
        if !isDropped, count > limit { drop() }
        return !isDropped
    }
}
