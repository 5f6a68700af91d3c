import Foundation
import RapportTestServers
import Testing

@Suite("A client that sends a byte a second", .timeLimit(.minutes(2)))
struct SlowClientTests {
    /// What it says at once, and what it then spells out.
    struct Row: Sendable {
        var name: String
        var isMail = false
        var beginning: String
        /// Repeated byte by byte.
        var rest: String
    }

    private static let rows: [Row] = {
        let post = "POST /in/shop HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer \(HubStage.token)\r\n"
        let envelope = "LHLO test\r\nMAIL FROM:<a@people.test>\r\nRCPT TO:<shop@hub.test>\r\nDATA\r\n"
        return [
            Row(name: "a request line", beginning: "", rest: "GET /aaaaaaaaaaaaaaaaaaaaa"),
            Row(name: "a header", beginning: post + "X-Long: ", rest: "aaaaaaaaaaaaaaaaaaaaaaaa"),
            Row(name: "a body", beginning: post + "Content-Length: 900\r\n\r\n", rest: #"{"id": "aaaaaaaaaaaaaaaaaa"#),
            Row(name: "a body in chunks", beginning: post + "Transfer-Encoding: chunked\r\n\r\n", rest: "1\r\na\r\n"),
            Row(
                name: "a body that nobody wants",
                beginning: "POST /in/nobody HTTP/1.1\r\nHost: hub\r\nContent-Length: 900\r\n\r\n", rest: "aaaaaaaaaaaa"),
            Row(
                name: "a body for which it has no token",
                beginning: "POST /v1/messages HTTP/1.1\r\nHost: hub\r\nContent-Length: 900\r\n\r\n", rest: "aaaaaaaaaa"),
            Row(name: "an LMTP command", isMail: true, beginning: "LHLO test\r\n", rest: "NOOP aaaaaaaaaaaaaaaaaa"),
            Row(name: "a mail", isMail: true, beginning: envelope, rest: "Subject: aaaaaaaaaaaaaaaaaa"),
        ]
    }()

    /// Seconds that every one of them is given, and after which it should surely be gone.
    private static let patience = 5
    private static let limit = 40

    @Test("is cut off at whatever it spells out, while others are served")
    func isCutOff() async throws {
        var stage = try HubStage()
        stage.takesWebhooks()
        stage.takesMail(more: ", idleTimeout: \(Self.patience)s, contentTimeout: \(Self.patience)s")
        stage.http = ["idleTimeout": "\(Self.patience)s", "bodyTimeout": "\(Self.patience)s"]
        try await StagedHub.with(stage) { hub in
            try await withThrowingTaskGroup { group in
                for row in Self.rows {
                    let port = row.isMail ? hub.stage.mailPort : hub.port
                    group.addTask {
                        let bytes = try await BlockingWork.run { try Self.spell(row, port: port) }
                        #expect(bytes < Self.limit, "\(row.name) went on for \(bytes) seconds")
                    }
                }
                #expect(try await hub.post(event: "meanwhile").status == 200)
                try await group.waitForAll()
            }
            #expect(try await hub.rows().compactMap(\.sourceID) == ["meanwhile"])
        }
    }

    /// - Returns: how many bytes it got rid of before the other side had had enough.
    private static func spell(_ row: Row, port: Int) throws -> Int {
        let connection = try LoopbackConnection(port: port)
        try connection.write(row.beginning)
        let bytes = Array(row.rest.utf8)
        for count in 0..<limit {
            // A closed connection may show itself by a failing write first.
            guard (try? connection.write([bytes[count % bytes.count]])) != nil else { return count }
            if connection.waitForEnd(atMostSeconds: 1) { return count }
        }
        return limit
    }
}
