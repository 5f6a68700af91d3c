import Crypto
import Foundation
package import RapportCore

/// Standard Webhooks (standardwebhooks.com), symmetric signatures (`v1`): HMAC-SHA256 over id, time and body.
package struct StandardWebhooks: Sendable {
    /// How far the time of a request may be from ours, either way.
    package static let toleranceSeconds: Int64 = 300

    /// Keyed once: each code goes on from a copy.
    private let keys: [HMAC<SHA256>]

    /// - Parameter secrets: base64 with or without `whsec_` in front; several while they are being replaced. The first
    ///   one signs, any of them verifies.
    package init(secrets: [Secret]) throws(SignatureSettingError) {
        var keys: [HMAC<SHA256>] = []
        for secret in secrets {
            let text = secret.value.hasPrefix("whsec_") ? String(secret.value.dropFirst(6)) : secret.value
            guard let data = Data(base64Encoded: text), !data.isEmpty else {
                throw SignatureSettingError("expected a secret in base64, such as whsec_…")
            }
            keys.append(HMAC<SHA256>(key: SymmetricKey(data: data)))
        }
        guard !keys.isEmpty else { throw SignatureSettingError("expected at least one secret") }
        self.keys = keys
    }

    /// - Throws: `signature`; `stale` when the signature holds but the time is too far from `receivedAt`.
    package func verify(_ request: InboundRequest) throws(InboundRejection) {
        guard let id = request.header("webhook-id"), !id.isEmpty,
            let time = request.header("webhook-timestamp"), let seconds = Self.seconds(time),
            let list = request.header("webhook-signature")
        else { throw InboundRejection(.signature) }
        let offered = Self.codes(in: list)
        let holds = keys.contains { key in
            let code = Self.code(key, id: id, time: time, body: request.body)
            // Comparing a code with data takes the same time wherever they differ.
            return offered.contains { code == $0 }
        }
        guard holds else { throw InboundRejection(.signature) }
        guard abs(seconds - request.receivedAt.seconds) <= Self.toleranceSeconds else {
            throw InboundRejection(.stale)
        }
    }

    /// Of the first 16 entries, those of the version that is understood.
    private static func codes(in list: String) -> [Data] {
        let space = UInt8(ascii: " ")
        // Nearly always there is one, which need not be looked for.
        guard list.utf8.contains(space) else { return code(in: list.utf8[...]).map { [$0] } ?? [] }
        return list.utf8.split(separator: space).prefix(16).compactMap(code)
    }

    private static func code(in entry: Substring.UTF8View) -> Data? {
        let version = "v1,".utf8
        return entry.starts(with: version)
            ? Data(base64Encoded: String(Substring(entry.dropFirst(version.count)))) : nil
    }

    /// The three headers of an outgoing request.
    /// - Parameter id: the same for every try of one message, so that the receiver finds repetitions.
    package func headers(id: String, at now: Timestamp, body: [UInt8]) -> [HTTPField] {
        let time = String(now.seconds)
        let code = Self.code(keys[0], id: id, time: time, body: body)
        return [
            HTTPField("webhook-id", id), HTTPField("webhook-timestamp", time),
            HTTPField("webhook-signature", "v1," + Data(code).base64EncodedString()),
        ]
    }

    private static func code(_ key: HMAC<SHA256>, id: String, time: String, body: [UInt8]) -> HMAC<SHA256>.MAC {
        var signed: [UInt8] = []
        signed.reserveCapacity(id.utf8.count + time.utf8.count + body.count + 2)
        for part in [id, time] {
            signed += part.utf8
            signed.append(UInt8(ascii: "."))
        }
        signed += body
        var code = key
        code.update(data: signed)
        return code.finalize()
    }

    /// Digits only: no sign, no fraction, and no number that overflows when it is compared.
    private static func seconds(_ text: String) -> Int64? {
        guard (1...15).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int64(text)
    }
}
