import NIOHTTP1
import RapportChannels
import RapportCore

extension InboundRequest {
    /// - Parameters:
    ///   - path: what follows the adapter.
    ///   - publicURL: of the server; what the provider called is this and the request's own path and query, byte for
    ///     byte, because signatures are made over it.
    init(
        _ head: HTTPRequestHead, _ target: RequestTarget, path: String, publicURL: String, receivedAt: Timestamp
    ) {
        self.init(
            method: head.method.rawValue.uppercased(), path: path, query: target.query ?? "",
            publicURL: publicURL + target.path + (target.query.map { "?" + $0 } ?? ""),
            headers: head.headers.map { ($0.name, $0.value) }, body: [], receivedAt: receivedAt)
    }
}

extension HTTPRequestHead {
    /// Of the body that follows, in bytes (RFC 9112, section 6.3); `nil` for one that ends when it ends.
    var bodyLength: Int? {
        if let length = headers.first(name: "content-length") { return Int(length) }
        return headers.contains(name: "transfer-encoding") ? nil : 0
    }
}
