import Foundation

/// One HTTP request to a port of 127.0.0.1, on a connection of its own.
package enum LoopbackHTTP {
    package struct Answer: Sendable {
        package let status: Int
        /// Field names in lower case.
        package let headers: [String: String]
        package let body: [UInt8]

        package var text: String { String(decoding: body, as: UTF8.self) }
    }

    package static func get(_ target: String, port: Int, headers: [String: String] = [:]) async throws -> Answer {
        try await send("GET", target, port: port, headers: headers)
    }

    package static func post(
        _ target: String, port: Int, headers: [String: String] = [:], body: String
    ) async throws -> Answer {
        try await send("POST", target, port: port, headers: headers, body: Array(body.utf8))
    }

    package static func send(
        _ method: String, _ target: String, port: Int, headers: [String: String] = [:], body: [UInt8] = []
    ) async throws -> Answer {
        try await BlockingWork.run {
            let connection = try LoopbackConnection(port: port)
            var fields = ["Host": "127.0.0.1:\(port)", "Connection": "close"].merging(headers) { $1 }
            if method != "GET" { fields["Content-Length"] = "\(body.count)" }
            let head = fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)\r\n" }.joined()
            try connection.write(Array("\(method) \(target) HTTP/1.1\r\n\(head)\r\n".utf8) + body)
            return try answer(on: connection)
        }
    }

    private static func answer(on connection: LoopbackConnection) throws -> Answer {
        let start = try connection.readLine() ?? ""
        let words = start.split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else { throw TestServerError("not HTTP: \(start)") }
        let headers = try HTTPHead.fields(on: connection)
        if status == 100 { return try answer(on: connection) }
        return Answer(status: status, headers: headers, body: try HTTPHead.body(headers, on: connection, toEnd: true))
    }
}
