import HTTPTypes
import Hummingbird
import RapportChannels
import RapportCore

extension InboundRequest {
    /// - Parameters:
    ///   - path: what follows the adapter.
    ///   - publicURL: of the server; what the provider called is this and the request's own path and query, byte for
    ///     byte, because signatures are made over it.
    init(_ request: Request, path: String, publicURL: String, body: [UInt8], receivedAt: Timestamp) {
        var headers = request.headers.map { (name: $0.name.canonicalName, value: $0.value) }
        // The host is no header of its own once the request is parsed.
        if let host = request.head.authority, !headers.contains(where: { $0.name == "host" }) {
            headers.insert((name: "host", value: host), at: 0)
        }
        let query = request.uri.query
        self.init(
            method: request.method.rawValue.uppercased(), path: path, query: query ?? "",
            publicURL: publicURL + request.uri.path + (query.map { "?" + $0 } ?? ""), headers: headers, body: body,
            receivedAt: receivedAt)
    }
}
