import HTTPTypes
import RapportChannels

/// What a provider is told.
struct HookAnswer: Sendable {
    var status: Int
    /// Without the body's length and the date. Names are in lower case.
    var fields: [(name: String, value: String)]
    var body: String
    /// Whether the connection ends with it, because the rest of the request isn't worth reading.
    var endsConnection = false

    init(_ reply: InboundReply) {
        status = reply.status
        fields = [("content-type", reply.contentType)]
        body = reply.body
    }

    init(_ problem: Problem) {
        status = problem.status.code
        fields = problem.fields.map { ($0.name.canonicalName, $0.value) }
        body = problem.document
        endsConnection = problem.closesConnection
    }
}
