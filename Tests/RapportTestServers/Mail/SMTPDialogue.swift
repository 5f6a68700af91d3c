/// SMTP by hand: says exactly what a test wants said, and shows exactly what was answered.
package enum SMTPDialogue {
    /// Submits one mail and returns the replies, the greeting first. Stops at the first `4xx` or `5xx`.
    @discardableResult
    package static func submit(
        port: Int, from sender: String, to recipients: [String], mail: String, lmtp: Bool = false
    ) async throws -> [String] {
        try await BlockingWork.run {
            let connection = try LoopbackConnection(port: port)
            var replies = [try reply(on: connection)]
            let recipientLines = recipients.map { "RCPT TO:<\($0)>" }
            for line in [lmtp ? "LHLO test" : "EHLO test", "MAIL FROM:<\(sender)>"] + recipientLines + ["DATA"] {
                try connection.write(line + "\r\n")
                replies.append(try reply(on: connection))
                if isRefusal(replies.last) { return replies }
            }
            try connection.write(dotted(mail))
            for _ in 0..<(lmtp ? recipients.count : 1) { replies.append(try reply(on: connection)) }
            try connection.write("QUIT\r\n")
            return replies
        }
    }

    /// Line ends as SMTP wants them, leading dots doubled, the final dot at the end (RFC 5321 section 4.5.2).
    private static func dotted(_ mail: String) -> String {
        mail.replacing("\r\n", with: "\n").split(separator: "\n", omittingEmptySubsequences: false)
            .map { ($0.hasPrefix(".") ? "." : "") + $0 + "\r\n" }.joined() + ".\r\n"
    }

    private static func isRefusal(_ reply: String?) -> Bool { reply?.first == "4" || reply?.first == "5" }

    private static func reply(on connection: LoopbackConnection) throws -> String {
        var lines: [String] = []
        while let line = try connection.readLine() {
            lines.append(line)
            if !line.dropFirst(3).hasPrefix("-") { return lines.joined(separator: "\n") }
        }
        throw TestServerError("the server hung up", log: lines.joined(separator: "\n"))
    }
}
