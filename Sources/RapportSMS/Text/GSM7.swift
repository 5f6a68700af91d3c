/// The GSM 7 bit default alphabet and its extension table (3GPP TS 23.038, section 6.2.1).
package enum GSM7 {
    /// The codes of a character: one, or the escape and another one; `nil` for a character outside both tables.
    package static func codes(of scalar: Unicode.Scalar) -> [UInt8]? {
        table[scalar]
    }

    /// One byte for each septet, unpacked; `nil` when a character is in neither table.
    package static func encode(_ text: String) -> [UInt8]? {
        var codes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let code = table[scalar] else { return nil }
            codes.append(contentsOf: code)
        }
        return codes
    }

    private static let basic: String.UnicodeScalarView = """
        @£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u{1B}ÆæßÉ !"#¤%&'()*+,-./0123456789:;<=>?\
        ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà
        """.unicodeScalars

    private static let extended: [Unicode.Scalar: UInt8] = [
        "\u{0C}": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F, "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40,
        "€": 0x65,
    ]

    private static let escape: UInt8 = 0x1B

    private static let table: [Unicode.Scalar: [UInt8]] = {
        var table = extended.mapValues { [escape, $0] }
        for (code, scalar) in basic.enumerated() where UInt8(code) != escape {
            table[scalar] = [UInt8(code)]
        }
        return table
    }()
}
