import NIOHTTP1
import RapportChannels
import RapportCore

extension InboundRequest {
    init(_ head: HTTPRequestHead, at place: HookPlace, receivedAt: Timestamp) {
        self.init(
            method: head.method.rawValue.uppercased(), path: place.path, query: place.query, publicURL: place.publicURL,
            lowercasedHeaders: head.headers.map { ($0.name.lowercased(), $0.value) }, body: [], receivedAt: receivedAt)
    }

    init(_ call: PlainCall, at place: HookPlace, receivedAt: Timestamp) {
        self.init(
            method: "POST", path: place.path, query: place.query, publicURL: place.publicURL,
            lowercasedHeaders: call.headers, body: [], receivedAt: receivedAt)
    }

    func with(_ body: [UInt8]) -> InboundRequest {
        var request = self
        request.body = body
        return request
    }
}

extension HTTPRequestHead {
    /// Of the body that follows, in bytes (RFC 9112, section 6.3); `nil` for one that ends when it ends.
    var bodyLength: Int? {
        if let length = headers.first(name: "content-length") { return Int(length) }
        return headers.contains(name: "transfer-encoding") ? nil : 0
    }
}
