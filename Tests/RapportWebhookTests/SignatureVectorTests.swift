import Foundation
import RapportChannels
import RapportCore
import RapportTestSupport
import Testing

/// The published vectors of the schemes that we speak. The other providers' schemes come with their adapters, and
/// `stdwebhooks-v1a-ed25519` is the asymmetric variant, which we neither ask for nor offer.
@Suite("Published signature vectors", .enabled(if: Fixtures.isPresent)) struct SignatureVectorTests {
    private func vectors(_ provider: String) throws -> [[String: Any]] {
        let data = Data(try Fixtures.bytes("signatures.json"))
        let all = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let vectors = try #require(all["vectors"] as? [[String: Any]])
        return vectors.filter { $0["provider"] as? String == provider }
    }

    private func verifies(_ scheme: SignatureScheme, _ request: InboundRequest) -> Bool {
        (try? scheme.verify(request)) != nil
    }

    @Test("Twilio's hold, and fail when anything is changed")
    func twilio() throws {
        let vectors = try vectors("twilio")
        #expect(vectors.count == 8)
        for vector in vectors {
            let id = vector["id"] as? String ?? ""
            let input = try #require(vector["input"] as? [String: Any])
            let url = try #require(input["url"] as? String)
            let signature = try #require(vector["signature"] as? String)
            let scheme = SignatureScheme.twilio(
                try TwilioSignature(tokens: [Secret(try #require(input["auth_token"] as? String))]))
            var pairs: [(name: String, value: String)] = []
            for (name, value) in input["params"] as? [String: Any] ?? [:] {
                for item in value as? [String] ?? [value as? String ?? ""] { pairs.append((name, item)) }
            }
            let isForm = input["params"] != nil
            let body = isForm ? PercentCoding.encode(pairs) : input["body"] as? String ?? ""
            let headers = [
                (name: "X-Twilio-Signature", value: signature),
                ("Content-Type", isForm ? "application/x-www-form-urlencoded; charset=UTF-8" : "application/json"),
            ]
            #expect(verifies(scheme, Requests.post(body, headers: headers, url: url)), "\(id)")
            #expect(
                !verifies(scheme, Requests.post(body + (isForm ? "&x=1" : " "), headers: headers, url: url)), "\(id)")
            #expect(!verifies(scheme, Requests.post(body, headers: headers, url: url + "&x=1")), "\(id)")
            #expect(!verifies(scheme, Requests.post(body, headers: [headers[1]], url: url)), "\(id)")
            let other = SignatureScheme.twilio(try TwilioSignature(tokens: [Secret("other")]))
            #expect(!verifies(other, Requests.post(body, headers: headers, url: url)), "\(id)")
        }
    }

    @Test("Standard Webhooks' hold or are refused")
    func standardWebhooks() throws {
        var seen = 0
        for vector in try vectors("standard-webhooks") where vector["scheme"] as? String == "webhook-signature v1" {
            let input = try #require(vector["input"] as? [String: String])
            let secret = Secret(try #require(input["secret"]))
            seen += 1
            guard let id = input["webhook-id"], let time = input["webhook-timestamp"], let body = input["body"] else {
                #expect(throws: SignatureSettingError.self) { try StandardWebhooks(secrets: [secret]) }
                continue
            }
            let scheme = SignatureScheme.standardWebhooks(try StandardWebhooks(secrets: [secret]))
            let signature = vector["signature"] as? String ?? "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw="
            let request = Requests.post(
                body,
                headers: [("webhook-id", id), ("webhook-timestamp", time), ("webhook-signature", signature)],
                at: Timestamp(seconds: Int64(time) ?? 0))
            #expect(verifies(scheme, request) == (vector["valid"] as? Bool), "\(vector["id"] ?? "")")
        }
        #expect(seen == 5)
    }

    @Test("GitHub's holds")
    func github() throws {
        let vector = try #require(try vectors("github").first)
        let input = try #require(vector["input"] as? [String: String])
        let scheme = SignatureScheme.body(
            try BodySignature(
                header: "X-Hub-Signature-256", prefix: "sha256=", secrets: [Secret(try #require(input["secret"]))]))
        let headers = [(name: "X-Hub-Signature-256", value: try #require(vector["signature"] as? String))]
        #expect(verifies(scheme, Requests.post(try #require(input["body"]), headers: headers)))
        #expect(!verifies(scheme, Requests.post("Hello, World?", headers: headers)))
    }
}
