/// As much of HTTP/1.1 as requests and answers share (RFC 9112).
enum HTTPHead {
    /// The header fields up to the empty line, names in lower case; a repeated name keeps its last value.
    static func fields(on connection: LoopbackConnection) throws -> [String: String] {
        var fields: [String: String] = [:]
        while let line = try connection.readLine(), !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { throw TestServerError("not a field: \(line)") }
            fields[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        return fields
    }

    /// The body as the fields announce it; without an announcement the rest of the stream, or nothing.
    static func body(
        _ fields: [String: String], on connection: LoopbackConnection, toEnd: Bool
    ) throws -> [UInt8] {
        if fields["transfer-encoding"]?.lowercased() == "chunked" { return try chunks(on: connection) }
        if let length = fields["content-length"].flatMap({ Int($0) }) { return try connection.read(length) }
        return toEnd ? try connection.readToEnd() : []
    }

    private static func chunks(on connection: LoopbackConnection) throws -> [UInt8] {
        var body: [UInt8] = []
        while let line = try connection.readLine() {
            guard let size = Int(line.prefix { $0 != ";" }, radix: 16) else {
                throw TestServerError("not a chunk size: \(line)")
            }
            if size == 0 { break }
            body += try connection.read(size)
            _ = try connection.readLine()
        }
        _ = try fields(on: connection)
        return body
    }
}
