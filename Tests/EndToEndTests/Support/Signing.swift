import Foundation
import RapportTestServers

/// Signatures as providers make them, by OpenSSL, so that nothing of the hub's own vouches for itself.
enum Signing {
    /// Keys in base64 behind `whsec_`, as both sides of a Standard Webhooks signature write it.
    static let webhookSecret = "whsec_" + Data((0..<32).map { UInt8($0 * 7 + 1) }).base64EncodedString()

    /// The headers of a Standard Webhooks request (standardwebhooks.com).
    static func webhook(
        id: String, body: String, at time: Int = Int(Date().timeIntervalSince1970), secret: String = webhookSecret
    ) async throws -> [String: String] {
        let code = try await webhookCode(id: id, time: "\(time)", body: body, secret: secret)
        return [
            "webhook-id": id, "webhook-timestamp": "\(time)", "webhook-signature": "v1,\(code)",
            "Content-Type": "application/json",
        ]
    }

    static func webhookCode(
        id: String, time: String, body: String, secret: String = webhookSecret
    ) async throws -> String {
        let key = Data(base64Encoded: String(secret.dropFirst(6))) ?? Data()
        return try await mac("sha256", key: key, "\(id).\(time).\(body)").base64EncodedString()
    }

    /// `X-Twilio-Signature`: the URL and the sorted form (twilio.com/docs/usage/security).
    static func twilio(url: String, form: [String: String], token: String) async throws -> String {
        let text = url + form.sorted { $0.key < $1.key }.map { $0.key + $0.value }.joined()
        return try await mac("sha1", key: Data(token.utf8), text).base64EncodedString()
    }

    private static func mac(_ digest: String, key: Data, _ text: String) async throws -> Data {
        let hex = key.map { String(format: "%02x", $0) }.joined()
        let options = ["dgst", "-\(digest)", "-mac", "HMAC", "-macopt", "hexkey:\(hex)"]
        let result = try await ChildCommand("openssl", options).run(input: text)
        let digits = result.output.split(separator: " ").last.map { Array($0.utf8).filter { $0 > 32 } } ?? []
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16)
        }
        guard result.succeeded, !bytes.isEmpty else { throw TestServerError("openssl", log: result.errors) }
        return Data(bytes)
    }
}
