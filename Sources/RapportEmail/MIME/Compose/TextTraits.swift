/// What a text holds, as far as that decides how it has to be written.
struct TextTraits {
    /// Whether a byte stands for a character outside ASCII.
    let isForeign: Bool
    /// Whether there is a control character other than the line feed and the tab.
    let hasControls: Bool
    /// Whether an equals sign stands before the mark that was asked for.
    let hasMark: Bool

    /// Looks at each byte once, and without a branch, so that the compiler can look at many together.
    init(_ text: UnsafeBufferPointer<UInt8>, mark: Unicode.Scalar) {
        let mark = UInt8(ascii: mark)
        var all: UInt8 = 0
        var controls: UInt8 = 0
        var marks: UInt8 = 0
        var previous: UInt8 = 0
        for byte in text {
            all |= byte
            controls |=
                (byte < 0x20 ? 1 : 0) & (byte != UInt8(ascii: "\n") ? 1 : 0) & (byte != UInt8(ascii: "\t") ? 1 : 0)
            marks |= (previous == UInt8(ascii: "=") ? 1 : 0) & (byte == mark ? 1 : 0)
            previous = byte
        }
        isForeign = all >= 0x80
        hasControls = controls != 0
        hasMark = marks != 0
    }

    init(_ text: String, mark: Unicode.Scalar) {
        var text = text
        self = text.withUTF8 { TextTraits($0, mark: mark) }
    }
}
