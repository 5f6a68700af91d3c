import RapportChannels
import RapportCore
import RapportEmail

extension HostileParser {
    static let mail: [HostileParser] = [mime]

    private static let interpreter = MailInterpreter(
        identity: MailIdentity(
            domain: "example.com", returnPath: "bounce@example.com", unsubscribeMailbox: "leave@example.com",
            tokens: DispatchTokens(secret: Secret("a secret that nobody knows"))))

    private static let mime = HostileParser(
        "mime", samples: [plain, report, alternative],
        words: [
            "Content-Type: ", "multipart/report; report-type=delivery-status; boundary=b",
            "multipart/mixed; boundary=b",
            "message/delivery-status", "message/feedback-report", "message/rfc822", "text/html; charset=gb2312",
            "text/plain; charset=utf-7", "Content-Transfer-Encoding: base64", "quoted-printable", "\r\n--b\r\n",
            "--b--\r\n", "=?utf-8?B?", "=?iso-2022-jp?Q?", "?=", "Final-Recipient: rfc822; ", "Action: failed",
            "Status: 5.1.1", "Diagnostic-Code: smtp; 550", "Reporting-MTA: dns; ", "Auto-Submitted: auto-replied",
            "In-Reply-To: <", "References: ", "List-Unsubscribe: ", "&#x4f60;", "&nbsp;", "<script>", "<style>", "<br>",
            "On Monday wrote:\n> ", "Delivered-To: bounce+d1-aaaaaaaaaaaaaaaa@example.com",
        ], corpus: ["fixtures/email/raw"], sizeLimit: 16384
    ) { bytes throws(BrokenPromise) in
        let envelope = MailEnvelope(sender: "a@example.com", recipients: ["bounce+d1-abc@example.com"])
        let events = interpreter.events(bytes, envelope: envelope)
        guard let first = events.first else { throw BrokenPromise("a mail became no event at all") }
        guard first.payload?.bytes == bytes else { throw BrokenPromise("the mail's bytes were lost") }
    }

    private static let plain = """
        From: Ana <ana@example.com>\r
        To: =?utf-8?Q?B=C3=B6?= <bo@example.com>\r
        Subject: =?gb2312?B?xOO6ww==?=\r
        Message-ID: <1@example.com>\r
        Date: Sat, 28 Mar 2026 22:30:00 +0100\r
        In-Reply-To: <d1-abcdefghijklmnop@example.com>\r
        \r
        STOP\r
        \r
        > earlier\r

        """

    private static let report = """
        From: MAILER-DAEMON@example.com
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b

        The mail could not be delivered.
        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.com

        Final-Recipient: rfc822; ana@example.com
        Action: failed
        Status: 5.1.1
        Diagnostic-Code: smtp; 550 5.1.1 no such user

        --b
        Content-Type: text/rfc822-headers

        Message-ID: <d1-abcdefghijklmnop@example.com>

        --b--

        """

    private static let alternative = """
        From: a@example.com
        MIME-Version: 1.0
        Content-Type: multipart/alternative; boundary=b

        --b
        Content-Type: text/html; charset=iso-8859-1
        Content-Transfer-Encoding: quoted-printable

        <p>Hall=F6 &amp; <b>hi</b><br>bye</p>
        --b
        Content-Type: application/pdf; name*=utf-8''a%20b.pdf
        Content-Transfer-Encoding: base64

        JVBERi0x
        --b--

        """
}
