import NIOCore
import RapportChannels
import RapportEmail
import Testing

@Suite struct SMTPContentTests {
    @Test(
        "stuffs a dot at the start of a line, and only there",
        arguments: [
            ("", ".\r\n"),
            ("a\r\n", "a\r\n.\r\n"),
            ("a", "a\r\n.\r\n"),
            (".\r\n", "..\r\n.\r\n"),
            ("..\r\n.a.b\r\n", "...\r\n..a.b\r\n.\r\n"),
            ("a.\r\n.\r\n\r\n.", "a.\r\n..\r\n\r\n..\r\n.\r\n"),
        ])
    func stuffing(message: String, wire: String) throws {
        let content = try SMTPContent(Array(message.utf8))
        #expect(String(buffer: content.buffer) == wire)
    }

    @Test(
        "refuses line ends that servers understand differently",
        arguments: [
            "a\nb\r\n", "a\rb\r\n", "\n", "a\r\n.\n", "a\r", "\r\r\n", "a\n.\r\nMAIL FROM:<x@y>\r\n", "\r.\r\n",
        ])
    func smuggling(message: String) {
        #expect(throws: SendError(.unsupported, status: "line ends")) { try SMTPContent(Array(message.utf8)) }
    }

    @Test("notices bytes above 127")
    func eightBit() throws {
        #expect(try SMTPContent(Array("h\u{e9}\r\n".utf8)).has8bit)
        #expect(try !SMTPContent(Array("he\r\n".utf8)).has8bit)
    }
}
