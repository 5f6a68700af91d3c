import RapportEmail
import Testing

@Suite("Charsets")
struct CharsetTests {
    /// Declared charset, bytes, and what they say.
    static let rows: [(declared: String?, bytes: [UInt8], text: String)] = [
        ("gb2312", [0xC4, 0xE3, 0xBA, 0xC3], "你好"),
        // 镕 is in GBK only, 𠮷 in GB 18030 only; senders call both gb2312.
        ("gb2312", [0xE9, 0x46, 0xD6, 0xEC], "镕朱"),
        ("gb2312", [0x95, 0x34, 0xB2, 0x35], "𠮷"),
        ("big5", [0xA7, 0x41, 0xA6, 0x6E], "你好"),
        ("iso-2022-jp", [0x1B, 0x24, 0x42, 0x24, 0x33, 0x24, 0x73, 0x1B, 0x28, 0x42], "こん"),
        ("Shift_JIS", [0x82, 0xB1, 0x82, 0xF1, 0x87, 0x40], "こん①"),
        ("euc-jp", [0xA4, 0xB3, 0xA4, 0xF3], "こん"),
        ("euc-kr", [0xC7, 0xD1, 0xB1, 0xDB], "한글"),
        ("ks_c_5601-1987", [0xC7, 0xD1, 0xB1, 0xDB], "한글"),
        ("koi8-r", [0xF0, 0xD2, 0xC9, 0xD7, 0xC5, 0xD4], "Привет"),
        ("windows-1251", [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2], "Привет"),
        ("cp-1252", [0x93, 0x63, 0x61, 0x66, 0xE9, 0x94], "“café”"),
        ("iso-8859-1", [0x93, 0x63, 0x61, 0x66, 0xE9, 0x94], "“café”"),
        ("iso-8859-15", [0xA4, 0x35], "€5"),
        ("windows-1258", [0x61], "a"),
        ("tis-620", [0xA1, 0xD2], "กา"),
        ("utf-16", [0xFF, 0xFE, 0x60, 0x4F], "你"),
        ("utf-7", Array("+T2BZfQ-".utf8), "你好"),
        // Mislabelled.
        ("us-ascii", [0xC4, 0xE3, 0xBA, 0xC3, 0xA3, 0xAC, 0xCA, 0xC0, 0xBD, 0xE7], "你好，世界"),
        ("utf-8", [0xC4, 0xE3, 0xBA, 0xC3], "你好"),
        ("us-ascii", Array("你好".utf8), "你好"),
        ("iso-8859-1", Array("Grüße".utf8), "Grüße"),
        ("gb2312", Array("送信先の".utf8), "送信先の"),
        ("iso-2022-jp", Array("送信先の".utf8), "送信先の"),
        ("utf-8", [0x63, 0x61, 0x66, 0xE9], "café"),
        (nil, [0x6E, 0x61, 0xEF, 0x76, 0x65], "naïve"),
        (nil, [0x1B, 0x24, 0x42, 0x24, 0x33, 0x1B, 0x28, 0x42], "こ"),
        ("x-unheard-of", Array("你好".utf8), "你好"),
        ("../../etc/passwd", Array("plain".utf8), "plain"),
        ("utf-8", Array("你好你好".utf8).dropLast(), "你好你\u{FFFD}"),
        ("gb18030", [0xC4, 0xE3, 0xFF, 0xBA, 0xC3], "你\u{FFFD}好"),
    ]

    private func mail(_ header: [UInt8], _ body: [UInt8]) throws -> ParsedMail {
        try #require(
            MailParser().parse(
                MailSamples.bytes("From: a@b.example\r\n") + header + MailSamples.bytes("\r\n\r\n") + body))
    }

    @Test("a body is read as it was meant, whatever it is called", arguments: rows.indices)
    func bodies(index: Int) throws {
        let row = Self.rows[index]
        let type = row.declared.map { "Content-Type: text/plain; charset=\"\($0)\"" } ?? "Content-Type: text/plain"
        let header = MailSamples.bytes(type + "\r\nContent-Transfer-Encoding: 8bit")
        #expect(try mail(header, row.bytes).text == row.text)
    }

    @Test(
        "a charset whose name is not short ASCII is unknown, whatever it begins with",
        arguments: ["é", String(repeating: "\u{301}\u{323}", count: 10), String(repeating: "x", count: 100)])
    func charsetNames(odd: String) throws {
        let russian: [UInt8] = [0xF0, 0xD2, 0xC9, 0xD7, 0xC5, 0xD4]
        func header(_ language: String) -> [UInt8] {
            MailSamples.bytes(
                "Content-Type: text/plain; charset=\"koi8-r*\(language)\"\r\nContent-Transfer-Encoding: 8bit")
        }
        #expect(try mail(header("ru"), russian).text == "Привет")
        #expect(try mail(header(odd), russian).text != "Привет")
    }

    @Test("raw 8-bit headers are read by what the body declares, or by what is likely")
    func rawHeaders() throws {
        let subject = MailSamples.bytes("Subject: ")
        let chinese: [UInt8] = [0xC4, 0xE3, 0xBA, 0xC3]
        #expect(try mail(subject + chinese, []).subject == "你好")
        #expect(try mail(subject + MailSamples.bytes("你好"), []).subject == "你好")
        let russian: [UInt8] = [0xF0, 0xD2, 0xC9, 0xD7, 0xC5, 0xD4]
        let type = MailSamples.bytes("\r\nContent-Type: text/plain; charset=koi8-r")
        #expect(try mail(subject + russian + type, []).subject == "Привет")
        let name = MailSamples.bytes("X: y\r\nTo: ") + chinese + MailSamples.bytes(" <c@d.example>")
        #expect(try mail(name, []).to == [ParsedMail.Mailbox(address: "c@d.example", name: "你好")])
    }

    @Test(
        "encoded words are read, split characters and wrong names included",
        arguments: [
            ("=?gb2312?B?xOO6ww==?=", "你好"), ("=?GB2312?B?6UbW7A==?=", "镕朱"),
            ("=?utf-8?B?5L2g5aU=?= =?utf-8?B?vQ==?=", "你好"),
            ("=?iso-8859-1?Q?=93caf=E9=94?=", "“café”"), ("=?utf-8*en?Q?a_b?=", "a b"), ("=?x-nonsense?Q?abc?=", "abc"),
            ("=?utf-8?Q?broken", "=?utf-8?Q?broken"), ("=?ISO-2022-JP?B?GyRCJDMkcxsoQg==?=", "こん"),
        ])
    func words(raw: String, text: String) throws {
        #expect(try mail(MailSamples.bytes("Subject: " + raw), []).subject == text)
    }

    @Test(
        "HTML becomes text that reads well",
        arguments: [
            ("<p>Hello&nbsp;<b>you</b></p><p>again &amp; again</p>", "Hello you\n\nagain & again"),
            ("a<br>b<br/>c", "a\nb\nc"), ("<style>x{}</style><script>1<2</script>t", "t"),
            ("<ul><li>one<li>two</ul>", "- one\n- two"), ("&#20320;&#x597D; &unknown; &lt;", "你好 &unknown; <"),
            ("new<blockquote>old<br>older</blockquote>", "new\n> old\n> older"), ("1 < 2 <!-- no --> 3", "1 < 2 3"),
            ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"), ("<p", ""), ("&", "&"), ("<!--", ""),
        ])
    func html(html: String, text: String) throws {
        #expect(
            try mail(MailSamples.bytes("Content-Type: text/html; charset=utf-8"), MailSamples.bytes(html)).text == text)
    }
}
