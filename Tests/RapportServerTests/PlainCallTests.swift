import Testing

@testable import RapportServer

@Suite("Plain calls")
struct PlainCallTests {
    private static func read(_ text: String) -> PlainCall? {
        Array(text.utf8).withUnsafeBytes(PlainCall.init)
    }

    @Test("a call is read as it is, with its names in lower case")
    func plain() throws {
        let text =
            "POST /in/shop/a%20b?x=1&y HTTP/1.1\r\nHost: x\r\nX_Id:\t a b\r\nEmpty:\r\ncontent-LENGTH:2\r\n\r\n{}"
        let call = try #require(Self.read(text))
        #expect(call.target == "/in/shop/a%20b?x=1&y")
        #expect(call.headers.map(\.name) == ["host", "x_id", "empty", "content-length"])
        #expect(call.headers.map(\.value) == ["x", "a b", "", "2"])
        #expect(text.utf8.count - call.bodyStart == 2)
    }

    private static let whole = "POST /in/shop HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"

    @Test(
        "whatever is written in another way is left to others",
        arguments: [
            ("POST /in/", "GET /in/"), ("POST /in/", "POST  /in/"), ("POST /in/", "POST /v1/"),
            ("POST /in/", "\r\nPOST /in/"),
            ("/in/shop", "http://x/in/shop"), ("shop ", "shop  "), ("shop", "sh\u{e9}p"), ("shop", "shop#a"),
            ("shop", "sh\"op"), ("1.1", "1.0"), ("1.1\r\n", "1.1 \r\n"), ("1.1\r\n", "1.1\n"), (" HTTP/1.1", ""),
            ("Host: x\r\n", "Host : x\r\n"), ("Host: x\r\n", "Host\r\n"), ("Host: x\r\n", ": x\r\n"),
            ("Host: x\r\n", "Host: x\r\n y\r\n"), ("Host: x\r\n", "Host: x\n"), ("Host: x\r\n", "Host: x \r\n"),
            ("Host: x\r\n", "Host: \u{1}\r\n"),
            ("Host: x\r\n", "Host: \u{e9}\r\n"), ("Host: x\r\n", "Host: x\ry\r\n"),
            ("Host: x\r\n", "Transfer-Encoding: chunked\r\n"), ("Host: x\r\n", "TRANSFER-ENCODING: identity\r\n"),
            ("Host: x\r\n", "Connection: keep-alive\r\n"), ("Host: x\r\n", "Expect: 100-continue\r\n"),
            ("Host: x\r\n", "Upgrade: h2c\r\n"), ("Host: x\r\n", "Content-Length: 2\r\n"),
            ("Host: x\r\n", String(repeating: "a: b\r\n", count: 100)),
            ("Host: x\r\n", "a: " + String(repeating: "b", count: 16 << 10) + "\r\n"),
            ("Content-Length: 2\r\n", ""), ("Length: 2", "Length: 1"), ("Length: 2", "Length: 3"),
            ("Length: 2", "Length: +2"), ("Length: 2", "Length: 2, 2"), ("Length: 2", "Length:"),
            ("Length: 2", "Length: 0000002"), ("Length: 2", "Length: 0x2"), ("{}", "{}POST"), ("{}", ""),
            ("\r\n\r\n{}", "\r\n"), ("\r\n\r\n{}", "\r\n\n{}"),
        ])
    func others(part: String, replacement: String) {
        #expect(Self.read(Self.whole) != nil)
        let text = Self.whole.replacing(part, with: replacement)
        #expect(text != Self.whole)
        #expect(Self.read(text) == nil)
    }

    @Test("of a call that has not come whole nothing is read")
    func parts() {
        for count in 0..<Self.whole.utf8.count {
            let part = Array(Self.whole.utf8.prefix(count))
            #expect(part.withUnsafeBytes(PlainCall.init) == nil)
        }
    }
}
