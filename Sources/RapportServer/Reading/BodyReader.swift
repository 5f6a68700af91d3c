import HTTPTypes
import Hummingbird
import NIOCore
import RapportChannels

/// Reads a request's body whole, within a size and a time. It takes its room until `AnsweredBodies` gives that back.
struct BodyReader: Sendable {
    /// In bytes.
    var limit: Int
    let bounds: BodyBounds

    /// - Throws: `Problem` 413 as soon as it is certain that the body is too long: by `Content-Length` before a byte is
    ///   read, else at the first byte too many. 503 when the bodies of all requests together are too
    ///   much. A body that takes too long, or breaks off, ends the connection.
    func read(_ request: Request, context: HubRequestContext) async throws -> [UInt8] {
        let announced = Self.announcedLength(request)
        guard Self.announcesBody(request, announced) else { return [] }
        let body = try GatheredBody(announced: announced, limit: limit, bounds: bounds)
        body.isAwaited(on: context.channel)
        context.channel.triggerUserOutboundEvent(ContinueAnswer.BodyIsWanted(), promise: nil)
        do {
            for try await part in request.body { try body.append(part) }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem.interrupted
        }
        let bytes = body.finish(keptBy: context.body)
        // A connection that is closed under the reader may end the body without an error.
        if let announced, announced != bytes.count { throw Problem.interrupted }
        context.body.finish()
        return bytes
    }

    /// Whether something follows the head of this request (RFC 9112, section 6.3).
    static func announcesBody(_ request: Request) -> Bool {
        announcesBody(request, announcedLength(request))
    }

    private static func announcesBody(_ request: Request, _ length: Int?) -> Bool {
        length != 0 && (length != nil || request.headers[.transferEncoding] != nil)
    }

    private static func announcedLength(_ request: Request) -> Int? {
        request.headers[.contentLength].flatMap { Int($0) }
    }

    /// The body as JSON, with the place of the first mistake when it is none.
    func json(_ request: Request, context: HubRequestContext) async throws -> JSONValue {
        try JSONReader.read(try await jsonBytes(request, context: context))
    }

    /// The body of a request that says that it is JSON.
    func jsonBytes(_ request: Request, context: HubRequestContext) async throws -> [UInt8] {
        guard request.mediaType == "application/json" else {
            throw Problem(.unsupportedMediaType, "media-type", "expected application/json")
        }
        return try await read(request, context: context)
    }
}
