import Crypto
import HTTPTypes
import Hummingbird
import RapportChannels
import RapportCore
import RapportLog

/// Lets a request with an `Idempotency-Key` happen once (draft-ietf-httpapi-idempotency-key-header-07): the same key and
/// body replay the answer, another body is 422, a request that is still under way 409.
struct Idempotency: Sendable {
    static let header = HTTPTypes.HTTPField.Name("Idempotency-Key")

    let store: any IdempotencyStoring
    let clock: Clock

    /// - Returns: `nil` when the request has none.
    /// - Throws: `Problem` 400 for a key that is none.
    static func key(of request: Request) throws -> String? {
        guard let name = header, let value = request.headers[name] else { return nil }
        // The draft writes the key as a string of RFC 9651; most clients send it bare.
        let bare =
            value.hasPrefix("\"") && value.hasSuffix("\"") && value.utf8.count > 2
            ? value.dropFirst().dropLast() : value[...]
        guard (1...200).contains(bare.utf8.count), bare.utf8.allSatisfy({ (33...126).contains($0) }) else {
            throw Problem.malformed("Idempotency-Key", "expected 1 to 200 visible characters")
        }
        return String(bare)
    }

    /// What is kept of a body, to know it again.
    static func digest(of body: [UInt8]) -> String { Hex.encode(SHA256.hash(data: body)) }

    /// - Parameters:
    ///   - key: with the caller's name before it, so that callers don't meet.
    ///   - work: its answer is kept when it is 2xx; when it throws, the key is given back.
    func once(
        _ key: String, body: [UInt8], work: () async throws -> (status: HTTPResponse.Status, body: JSONValue)
    ) async throws -> Response {
        switch try await store.begin(key: key, bodyHash: Self.digest(of: body), at: clock()) {
        case .inProgress:
            var problem = Problem(.conflict, "in-progress", "a request with this Idempotency-Key is still under way")
            problem.headers = [(.retryAfter, "1")]
            throw problem
        case .mismatch:
            throw Problem.keyInUse
        case .replay(let status, let body):
            return Response(
                status: HTTPResponse.Status(code: status), json: try JSONReader.read(Array(body.utf8)))
        case .new: break
        }
        do {
            let answer = try await work()
            try await store.finish(
                key: key, status: answer.status.code, body: answer.body.text, at: clock())
            return Response(status: answer.status, json: answer.body)
        } catch {
            try? await store.abandon(key: key)
            throw error
        }
    }
}

extension Problem {
    static var keyInUse: Problem {
        Problem(.unprocessableContent, "idempotency-key", "this Idempotency-Key was used with another body")
    }
}
