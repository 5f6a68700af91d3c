import ArgumentParser
import Hummingbird
import Logging
import NIOCore

/// The raw limits of webhooks: a server that sends back what it got, and one that makes it a row first.
struct EchoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo", abstract: "Run a bare Hummingbird echo server.", shouldDisplay: false)

    @Option(help: "The port of 127.0.0.1 to listen on.")
    var port: Int

    @Option(help: "An SQLite file: each body is a row of it before it is sent back.")
    var rows: String?

    func run() async throws {
        let rows = try rows.map(RowFile.init)
        let router = Router()
        router.get("/readyz") { _, _ in HTTPResponse.Status.ok }
        router.post("/**") { request, _ in
            let body = try await request.body.collect(upTo: 1 << 20)
            try await rows?.append(body)
            return Response(
                status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body))
        }
        var logger = Logger(label: "echo")
        logger.logLevel = .warning
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
            logger: logger)
        try await application.runService()
    }
}
