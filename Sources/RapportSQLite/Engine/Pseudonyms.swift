import Crypto
import RapportCore

/// Stands in for the addresses of erased customers: `id:erased/` and a keyed hash, so that an address that comes back
/// is recognised without having been kept.
struct Pseudonyms: Sendable {
    static let prefix = "id:\(Address.erasedSystem)/"
    private let key: SymmetricKey

    init(key: [UInt8]) {
        self.key = SymmetricKey(data: key)
    }

    func uri(for uri: String) -> String {
        var text = Self.prefix
        for byte in HMAC<SHA256>.authenticationCode(for: Array(uri.utf8), using: key) {
            if byte < 16 { text += "0" }
            text += String(byte, radix: 16)
        }
        return text
    }

    static func isPseudonym(_ uri: String) -> Bool {
        uri.hasPrefix(prefix)
    }

    static func newKey() -> [UInt8] {
        SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    }
}
