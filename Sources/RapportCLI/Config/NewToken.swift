import Crypto

/// A token of the API that nobody can guess: 256 bits of chance.
struct NewToken: Hashable, Sendable {
    /// `rapport_` and 64 hexadecimal digits; the beginning lets scanners of source code find a token that was lost.
    let text: String
    /// Of the text, in hexadecimal digits.
    let sha256: String

    init(using generator: inout some RandomNumberGenerator) {
        let words = (0..<4).map { _ in generator.next() as UInt64 }
        text =
            "rapport_"
            + words.map { word in
                let digits = String(word, radix: 16)
                return String(repeating: "0", count: 16 - digits.count) + digits
            }.joined()
        sha256 = SHA256.hash(data: Array(text.utf8)).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
