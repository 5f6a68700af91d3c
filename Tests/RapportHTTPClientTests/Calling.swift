import RapportChannels
import RapportHTTPClient
import Testing

/// A client, shut down when the test is done.
func withClient<Value>(
    _ settings: HTTPClientSettings = HTTPClientSettings(), _ body: (HTTPClient) async throws -> Value
) async throws -> Value {
    let client = try HTTPClient(settings: settings)
    do {
        let value = try await body(client)
        await client.shutdown()
        return value
    } catch {
        await client.shutdown()
        throw error
    }
}

extension HTTPClient {
    /// The error of a call that must not get an answer.
    func failure(_ call: HTTPCall) async -> HTTPCallError.Code? {
        do throws(HTTPCallError) {
            let answer = try await self.call(call)
            Issue.record("answered with \(answer.status)")
            return nil
        } catch {
            return error.code
        }
    }
}

extension HTTPCall {
    /// A GET from a server of the tests.
    static func local(
        _ url: String, headers: [HTTPField] = [], timeout: Int = 20_000, answerLimit: Int = 1 << 20
    ) -> HTTPCall {
        local("GET", url, headers: headers, timeout: timeout, answerLimit: answerLimit)
    }

    /// A call to a server of the tests.
    static func local(
        _ method: String, _ url: String, headers: [HTTPField] = [], body: [UInt8] = [],
        timeout: Int = 20_000, answerLimit: Int = 1 << 20
    ) -> HTTPCall {
        HTTPCall(
            method: method, url: url, headers: headers, body: body, timeoutMilliseconds: timeout,
            answerLimit: answerLimit, allowsPrivateAddresses: true)
    }
}
