import HTTPTypes
import NIOHTTP1
import RapportChannels

/// What a provider is told.
struct HookAnswer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: String
    /// Whether the connection ends with it, because the rest of the request isn't worth reading.
    var endsConnection = false

    init(_ reply: InboundReply) {
        status = reply.status
        headers = ["content-type": reply.contentType]
        body = reply.body
    }

    init(_ problem: Problem) {
        status = problem.status.code
        headers = HTTPHeaders(problem.fields.map { ($0.name.canonicalName, $0.value) })
        body = problem.document
        endsConnection = problem.closesConnection
    }
}
