import RapportCore
import RapportLog

/// The routes of a dispatch as text: for each, a line with channel, adapter and address.
enum ContentText {
    /// Units of a route are apart by a character that stands in none of them.
    private static let separator: Character = "\t"

    static func encode(_ routes: [Route]) throws -> String {
        try routes.map { route in
            let parts = [
                route.channel.rawValue, route.adapter, route.address.uri,
                route.address.deliverableURI == route.address.uri ? "" : route.address.deliverableURI,
            ]
            guard parts.allSatisfy({ !$0.utf8.contains(9) && !$0.utf8.contains(10) }) else {
                throw StoreError(.contract, "planning: a control character in a route")
            }
            return parts.joined(separator: String(separator))
        }.joined(separator: "\n")
    }

    static func routes(_ text: String) throws -> [Route] {
        var text = text
        return try text.withUTF8 { text in try text.split(separator: 10).map(route) }
    }

    /// Byte by byte: two characters of a text may be one to the eye, and to look for that costs more than all the rest.
    private static func route(_ line: Slice<UnsafeBufferPointer<UInt8>>) throws -> Route {
        var rest = line
        guard let channel = nextPart(&rest).flatMap(Channel.init(rawValue:)), let adapter = nextPart(&rest),
            let uri = nextPart(&rest), !rest.contains(9),
            let address = Address(
                normalized: uri, deliverable: rest.isEmpty ? nil : String(decoding: rest, as: UTF8.self))
        else { throw UnknownCode(type: "route", code: 0) }
        return Route(channel: channel, adapter: adapter, address: address)
    }

    /// What stands before the next separator, which is taken from `rest` with it; `nil` when there is none.
    private static func nextPart(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> String? {
        guard let end = rest.firstIndex(of: 9) else { return nil }
        defer { rest = rest[(end + 1)...] }
        return String(decoding: rest[..<end], as: UTF8.self)
    }
}
