import HTTPTypes
import NIOHTTP1
import RapportChannels

/// What a provider is told.
struct HookAnswer: Sendable {
    var status: Int
    var headers = HTTPHeaders()
    var body: String
    /// Whether the connection ends with it, because the rest of the request isn't worth reading.
    var endsConnection = false

    init(_ reply: InboundReply) {
        status = reply.status
        // With room for what every answer has.
        headers.reserveCapacity(4)
        headers.add(name: "content-type", value: reply.contentType)
        body = reply.body
    }

    init(_ problem: Problem) {
        status = problem.status.code
        headers = HTTPHeaders(problem.fields.map { ($0.name.canonicalName, $0.value) })
        body = problem.document
        endsConnection = problem.closesConnection
    }
}
