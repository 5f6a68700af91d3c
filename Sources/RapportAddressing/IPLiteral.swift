import Glibc

/// An IP address in its one canonical spelling.
struct IPLiteral {
    /// `192.0.2.1` or, by RFC 5952, `2001:db8::1`.
    let text: String
    let isVersion6: Bool

    /// Four decimal numbers and nothing else: `127.1` and `0177.0.0.1` are refused.
    init?(version4 text: some StringProtocol) {
        var address = in_addr()
        guard inet_pton(AF_INET, String(text), &address) == 1 else { return nil }
        self.text = String(text)
        isVersion6 = false
    }

    /// Without brackets and without a zone.
    init?(version6 text: some StringProtocol) {
        var address = in6_addr()
        guard text.utf8.count < Int(INET6_ADDRSTRLEN), inet_pton(AF_INET6, String(text), &address) == 1 else {
            return nil
        }
        var room = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        guard inet_ntop(AF_INET6, &address, &room, socklen_t(room.count)) != nil else { return nil }
        self.text = String(decoding: room.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        isVersion6 = true
    }
}
