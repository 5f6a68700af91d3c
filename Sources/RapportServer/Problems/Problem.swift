import HTTPTypes
import Hummingbird
import NIOCore
import RapportChannels

/// An error as the client sees it (RFC 9457). `detail` names places and expectations, never contents, addresses or
/// secrets.
struct Problem: Error, Sendable {
    var status: HTTPResponse.Status
    /// A stable word for programs.
    var code: String
    var detail: String?
    /// Members of this kind of problem, such as the id of what stands in the way.
    var members: [JSONValue.Member] = []
    var headers: [(HTTPTypes.HTTPField.Name, String)] = []
    /// Whether the rest of the request isn't worth reading.
    var closesConnection = false

    init(_ status: HTTPResponse.Status, _ code: String, _ detail: String? = nil) {
        self.status = status
        self.code = code
        self.detail = detail
    }

    /// `about:blank`, because the problems mean no more than their status and `code`; the title is then the status in
    /// words (RFC 9457, section 4.2.1).
    var document: String {
        var members = [
            JSONValue.Member("type", .string("about:blank")),
            JSONValue.Member("title", .string(status.reasonPhrase)),
            JSONValue.Member("status", .number("\(status.code)")),
            JSONValue.Member("code", .string(code)),
        ]
        if let detail { members.append(JSONValue.Member("detail", .string(detail))) }
        return JSONValue.object(members + self.members).text + "\n"
    }

    /// The header fields that go with the document.
    var fields: HTTPFields {
        var fields: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
        for (name, value) in headers { fields[name] = value }
        if closesConnection { fields[.connection] = "close" }
        return fields
    }

    func response() -> Response {
        let body = ByteBuffer(string: document)
        var fields = fields
        fields[.contentLength] = "\(body.readableBytes)"
        return Response(status: status, headers: fields, body: ResponseBody(byteBuffer: body))
    }
}

extension Problem {
    static let notFound = Problem(.notFound, "not-found")

    static func notFound(_ detail: String) -> Problem { Problem(.notFound, "not-found", detail) }

    /// - Parameter place: such as `$.events[3].id`, `query: limit`.
    static func malformed(_ place: String, _ expectation: String) -> Problem {
        Problem(.badRequest, "malformed", "\(place): \(expectation)")
    }

    static func tooLarge(limit: Int) -> Problem {
        var problem = Problem(.contentTooLarge, "too-large", "expected at most \(limit) bytes")
        problem.closesConnection = true
        return problem
    }

    static func method(allowed: [HTTPRequest.Method]) -> Problem {
        var problem = Problem(.methodNotAllowed, "method")
        problem.headers = [(.allow, allowed.map(\.rawValue).sorted().joined(separator: ", "))]
        return problem
    }

    /// The body broke off; hardly anybody is left to read this.
    static let interrupted: Problem = {
        var problem = Problem(.badRequest, "interrupted", "the body broke off")
        problem.closesConnection = true
        return problem
    }()

    /// Too many bodies at once; the rest of this one isn't read.
    static var crowded: Problem {
        var problem = Problem.unavailable("busy", retryAfterSeconds: 1)
        problem.closesConnection = true
        return problem
    }

    static func unavailable(_ code: String, retryAfterSeconds: Int) -> Problem {
        var problem = Problem(.serviceUnavailable, code, "nothing was stored; try again")
        problem.headers = [(.retryAfter, "\(retryAfterSeconds)")]
        return problem
    }
}

extension Response {
    init(status: HTTPResponse.Status, json: JSONValue) {
        let body = ByteBuffer(string: json.text + "\n")
        self.init(
            status: status,
            headers: [
                .contentType: "application/json", .contentLength: "\(body.readableBytes)", .cacheControl: "no-store",
            ],
            body: ResponseBody(byteBuffer: body))
    }
}
