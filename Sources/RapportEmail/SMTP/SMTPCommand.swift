/// The commands of a client whose answers it may be waiting for.
package enum SMTPCommand: Hashable, Sendable, CaseIterable {
    /// Not a command: the server speaks first.
    case greeting
    case ehlo
    case helo
    case startTLS
    case auth
    case mail
    case rcpt
    case data
    /// The final dot.
    case content
    case reset
    case quit
}
