import RapportChannels
import RapportCore

/// Bytes taken apart into the header lines before the first empty line and the body behind it, so that a mutation can
/// reach both.
struct Letter {
    var headers: [(name: String, value: String)] = []
    var body: [UInt8]

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: 10), headers.count < 16 {
            let line = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            guard let colon = line.firstIndex(of: ":") else { break }
            let value = line[line.index(after: colon)...]
            headers.append((String(line[..<colon]), String(value.drop { $0 == " " })))
        }
        body = Array(rest)
    }

    func header(_ name: String) -> String { headers.first { $0.name.lowercased() == name }?.value ?? "" }

    var request: InboundRequest { request(path: "") }

    func request(path: String, query: String = "", body: [UInt8]? = nil) -> InboundRequest {
        InboundRequest(
            method: "POST", path: path, query: query, publicURL: "https://hub.example.com/in/a\(path)?\(query)",
            headers: headers, body: body ?? self.body, receivedAt: Timestamp(seconds: 1_774_700_000))
    }
}
