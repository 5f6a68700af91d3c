import RapportChannels
import RapportCore

/// Requests and schemes that the tests of this target share.
enum Requests {
    static let receivedAt = Timestamp(seconds: 1_700_000_000)

    static func post(
        _ body: String, headers: [(name: String, value: String)] = [], path: String = "", at: Timestamp = receivedAt,
        url: String = "https://hub.example.com/in/shop", method: String = "POST"
    ) -> InboundRequest {
        post(bytes: Array(body.utf8), headers: headers, path: path, at: at, url: url, method: method)
    }

    static func post(
        bytes: [UInt8], headers: [(name: String, value: String)] = [], path: String = "", at: Timestamp = receivedAt,
        url: String = "https://hub.example.com/in/shop", method: String = "POST"
    ) -> InboundRequest {
        InboundRequest(
            method: method, path: path, query: "", publicURL: url, headers: headers, body: bytes, receivedAt: at)
    }
}
