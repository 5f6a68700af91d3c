/// Postfix's `smtp-source`: many mails quickly, from many sessions (smtp-source(1)).
package enum SMTPSource {
    /// Sends `count` mails to a port, `sessions` at a time, and throws when one is refused.
    ///
    /// - Parameter keepingConnections: sends the next mail over the same connection.
    package static func send(
        count: Int, port: Int, to recipient: String, from sender: String = "source@rapport.test",
        sessions: Int = 10, size: Int = 1_000, lmtp: Bool = false,
        keepingConnections: Bool = false
    ) async throws {
        let options = (lmtp ? ["-L"] : []) + (keepingConnections ? ["-d"] : [])
        let amounts = ["-m", "\(count)", "-s", "\(sessions)", "-l", "\(size)"]
        let addresses = ["-f", sender, "-t", recipient, "127.0.0.1:\(port)"]
        try await ChildCommand("smtp-source", options + amounts + addresses).check(within: .seconds(900))
    }
}
