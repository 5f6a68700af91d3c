/// Mails and the commands around them, written out before anything is measured: one mail over each connection, as an MTA
/// without connection reuse delivers it. Senders and Message-IDs all differ, which `smtp-source` can't be told.
struct MailBook: Sendable {
    /// Greeting, LHLO, MAIL, RCPT, DATA, content, QUIT: after the greeting each of these is sent and answered in turn.
    static let steps = 6

    private(set) var requests = RequestBook()
    let count: Int

    init(_ count: Int, size: Int) {
        self.count = count
        let run = String(UInt64.random(in: .min ... .max), radix: 36)
        for index in 0..<count {
            // A known correspondent writes again now and then.
            let sender = "writer\((index * 7_919) % max(count / 4, 1))@shop\(index % 97).example"
            for line in ["LHLO bench.test", "MAIL FROM:<\(sender)>", "RCPT TO:<hello@hub.test>", "DATA"] {
                requests.append("\(line)\r\n".utf8)
            }
            requests.append(Self.content(id: "\(run)-\(index)", from: sender, size: size).utf8)
            requests.append("QUIT\r\n".utf8)
        }
    }

    private static func content(id: String, from sender: String, size: Int) -> String {
        let head =
            "From: <\(sender)>\r\nTo: <hello@hub.test>\r\nMessage-ID: <\(id)@bench.test>\r\n"
            + "Date: Mon, 2 Mar 2026 09:00:00 +0000\r\nSubject: A question about order \(id)\r\n\r\n"
        let line = "When will the machine that I have asked you to repair in March be ready for me?\r\n"
        return head + String(repeating: line, count: size / line.utf8.count) + ".\r\n"
    }
}
