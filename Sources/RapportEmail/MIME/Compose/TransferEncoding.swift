import CGMime

/// How the bytes of a part are written so that every server carries them unharmed (RFC 2045, section 6).
enum TransferEncoding: String {
    case sevenBit = "7bit"
    case quotedPrintable = "quoted-printable"
    case base64 = "base64"

    /// What follows the equals sign in each of our boundaries: encoded text can't hold the two.
    static let boundaryMark: Unicode.Scalar = "_"

    /// The plainest that does for this text, whose lines end in LF.
    ///
    /// Lines that could be taken for one of our boundaries are quoted.
    /// - Parameter traits: of the same text, looked at for `boundaryMark`.
    static func best(for text: UnsafeBufferPointer<UInt8>, _ traits: TextTraits) -> TransferEncoding {
        if traits.isForeign {
            let foreign = text.reduce(0) { $0 &+ Int($1 >> 7) }
            // Quoting costs two bytes more for each foreign one, base 64 a third of everything.
            return foreign * 6 > text.count ? .base64 : .quotedPrintable
        }
        let isPlain = !traits.hasControls && !traits.hasMark && text.hasLines(within: 990)
        return isPlain ? .sevenBit : .quotedPrintable
    }

    /// Encoded, with LF at line ends.
    func encode(_ bytes: [UInt8]) -> [UInt8] {
        bytes.withUnsafeBufferPointer { encode($0) }
    }

    func encode(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
        if self == .sevenBit || bytes.isEmpty { return Array(bytes) }
        let encoding = gmimeName
        return Array(unsafeUninitializedCapacity: rapport_gmime_encoded_limit(encoding, bytes.count)) { out, count in
            count = bytes.withMemoryRebound(to: CChar.self) { input in
                out.withMemoryRebound(to: CChar.self) { output in
                    rapport_gmime_encode(encoding, input.baseAddress, input.count, output.baseAddress)
                }
            }
        }
    }

    /// Decoded; what is no encoded text is passed over.
    func decode(_ bytes: [UInt8]) -> [UInt8] {
        if self == .sevenBit || bytes.isEmpty { return bytes }
        let encoding = gmimeName
        return Array(unsafeUninitializedCapacity: rapport_gmime_decoded_limit(encoding, bytes.count)) { out, count in
            count = bytes.withUnsafeBytes { input in
                out.withMemoryRebound(to: CChar.self) { output in
                    rapport_gmime_decode(
                        encoding, input.bindMemory(to: CChar.self).baseAddress, input.count, output.baseAddress)
                }
            }
        }
    }

    private var gmimeName: GMimeContentEncoding {
        switch self {
        case .sevenBit: GMIME_CONTENT_ENCODING_7BIT
        case .quotedPrintable: GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
        case .base64: GMIME_CONTENT_ENCODING_BASE64
        }
    }
}
