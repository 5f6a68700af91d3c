import RapportCore
import Testing

@Suite("Web addresses")
struct WebAddressTests {
    private static let accepted = [
        Row("https://example.com", "https://example.com/"),
        Row(" HTTPS://Example.COM:443/Hook?a=1&b=%2f#top ", "https://example.com/Hook?a=1&b=%2f"),
        Row("//example.com:8443/x", "https://example.com:8443/x"),
        Row("https://example.com.?x", "https://example.com/?x"),
        Row("https://müller.de/ü?q=|", "https://xn--mller-kva.de/%C3%BC?q=%7C"),
        Row("https://192.0.2.1/", "https://192.0.2.1/"),
        Row("https://[2001:DB8::0:1]:99/", "https://[2001:db8::1]:99/"),
        Row("https://example.com/a@b", "https://example.com/a@b"),
    ]

    private static let refused = [
        Row("", .empty), Row("http://example.com/", .malformed), Row("example.com", .malformed),
        Row("https:/example.com", .malformed), Row("ftp://example.com", .malformed),
        Row("https://ana@example.com/", .malformed), Row("https://ana:pw@example.com/", .malformed),
        Row("https://example.com\\@evil.com/", .malformed), Row("https://example.com/a b", .malformed),
        Row("https://example.com/a\r\nHost: x", .malformed), Row("https://example.com/\\x", .malformed),
        Row("https://example.com/%zz", .malformed), Row("https://example.com/%2", .malformed),
        Row("https://example.com:0/", .malformed), Row("https://example.com:65536/", .malformed),
        Row("https://example.com:+1/", .malformed), Row("https://example.com:80:80/", .malformed),
        Row("https:///x", .domain), Row("https://127.1/", .domain), Row("https://2130706433/", .domain),
        Row("https://0x7f000001/", .domain), Row("https://0177.0.0.01/", .domain), Row("https://1.2.3.4.5/", .domain),
        Row("https://[::1/", .domain), Row("https://[::1]x/", .domain), Row("https://[fe80::1%25eth0]/", .domain),
        Row("https://a_b.example.com/", .domain), Row("https://exa mple.com/", .domain),
        Row("https://example.com/" + String(repeating: "a", count: 2048), .tooLong),
        Row("https://example.com/" + String(repeating: "ü", count: 700), .tooLong),
    ]

    @Test("are taken in one spelling, twice over", arguments: accepted)
    func accepts(row: Row) throws {
        let address = try normalized(.https, row.written).get()
        #expect(address.uri == row.uri)
        #expect(try normalized(.https, address.uri).get() == address)
        #expect(try normalized(.https, address.value).get() == address)
    }

    @Test("are refused with a reason that does not repeat them", arguments: refused)
    func refuses(row: Row) throws {
        let error = try #require(throws: AddressError.self) { try normalized(.https, row.written).get() }
        #expect(error.code == row.code)
        #expect(row.written.isEmpty || !error.reason.contains(row.written))
    }
}
