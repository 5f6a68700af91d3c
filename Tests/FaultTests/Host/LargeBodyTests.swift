import Foundation
import RapportTestServers
import Testing

@Suite("A body of ten gigabytes", .timeLimit(.minutes(3)))
struct LargeBodyTests {
    struct Row: Sendable {
        var name: String
        var isMail = false
        var beginning: String
        var isChunked = false
        /// How the answer begins that ends it.
        var answer: String
    }

    private static let size = 10 << 30

    private static let rows: [Row] = {
        let post = "POST /in/shop HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer \(HubStage.token)\r\n"
        let api =
            "POST /v1/messages HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer \(HubStage.token)\r\n"
            + "Content-Type: application/json\r\n"
        let chunked = "Transfer-Encoding: chunked\r\n\r\n"
        let length = "Content-Length: \(size)\r\n\r\n"
        let recipient = "RCPT TO:<shop@hub.test>\r\nDATA\r\n"
        return [
            Row(name: "with its length", beginning: post + length, answer: "HTTP/1.1 413"),
            Row(name: "in chunks", beginning: post + chunked, isChunked: true, answer: "HTTP/1.1 413"),
            Row(name: "with its length to the API", beginning: api + length, answer: "HTTP/1.1 413"),
            Row(name: "in chunks to the API", beginning: api + chunked, isChunked: true, answer: "HTTP/1.1 413"),
            Row(
                name: "that nobody wants", beginning: "POST /in/nobody HTTP/1.1\r\nHost: hub\r\n" + length,
                answer: "HTTP/1.1 404"),
            Row(
                name: "for which there is no token",
                beginning: "POST /v1/messages HTTP/1.1\r\nHost: hub\r\n" + chunked, isChunked: true,
                answer: "HTTP/1.1 401"),
            Row(
                name: "of a mail with its size", isMail: true,
                beginning: "LHLO test\r\nMAIL FROM:<a@people.test> SIZE=\(size)\r\n", answer: "552"),
            Row(
                name: "of a mail", isMail: true, beginning: "LHLO test\r\nMAIL FROM:<a@people.test>\r\n" + recipient,
                answer: "552"),
        ]
    }()

    @Test("is refused without being read, whatever announces it, and leaves the hub's memory as it was")
    func isRefused() async throws {
        var stage = try HubStage()
        stage.takesWebhooks()
        stage.takesMail(more: ", maxMessage: 1MiB")
        try await StagedHub.with(stage) { hub in
            #expect(try await hub.post(event: "before").status == 200)
            let before = try ProcessFigures(of: hub.process.identifier)
            for row in Self.rows {
                let port = row.isMail ? hub.stage.mailPort : hub.port
                let (answers, sent) = try await BlockingWork.run { try Self.flood(row, port: port) }
                #expect(answers.contains { $0.hasPrefix(row.answer) }, "\(row.name): \(answers)")
                #expect(sent < Self.size / 2, "\(row.name): \(sent) bytes were read")
            }
            let after = try ProcessFigures(of: hub.process.identifier)
            #expect(after.peakMemory <= before.peakMemory + 64, "from \(before) to \(after)")
            #expect(try await hub.post(event: "after").status == 200)
            #expect(try await hub.rows().compactMap(\.sourceID).sorted() == ["after", "before"])
        }
    }

    /// Sends until the other side takes no more; its answers are read as they come.
    ///
    /// - Returns: the lines that were answered, and the bytes that were sent.
    private static func flood(_ row: Row, port: Int) throws -> ([String], Int) {
        let connection = try LoopbackConnection(port: port)
        try connection.write(row.beginning)
        let data = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        let block = row.isChunked ? Array("100000\r\n".utf8) + data + Array("\r\n".utf8) : data
        var answers: [String] = []
        var sent = 0
        while sent < size {
            while connection.hasInput {
                guard let line = try? connection.readLine() else { return (answers, sent) }
                answers.append(line)
                // Nothing is gained by sending what was refused by its size alone.
                if row.isMail, line.hasPrefix(row.answer) { return (answers, sent) }
            }
            guard (try? connection.write(block)) != nil else { break }
            sent += block.count
        }
        while let line = try? connection.readLine() { answers.append(line) }
        return (answers, sent)
    }
}
