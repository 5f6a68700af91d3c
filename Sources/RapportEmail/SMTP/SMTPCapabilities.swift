/// What a server says it can do, from its answer to EHLO.
package struct SMTPCapabilities: Hashable, Sendable {
    package var pipelining = false
    package var startTLS = false
    package var eightBitMIME = false
    package var smtpUTF8 = false
    package var enhancedStatusCodes = false
    /// In bytes (RFC 1870); `nil` when it names none, which includes the `SIZE 0` of servers without a limit.
    package var sizeLimit: Int?
    package var takesSize = false
    /// In upper case.
    package var authentication: Set<String> = []

    package init() {}

    /// - Parameter reply: the first line greets, each other line names an extension.
    package init(ehlo reply: SMTPReply) {
        for line in reply.text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropFirst() {
            let words = String(decoding: line, as: UTF8.self).uppercased().split(separator: " ")
            switch words.first {
            case "PIPELINING": pipelining = true
            case "STARTTLS": startTLS = true
            case "8BITMIME": eightBitMIME = true
            case "SMTPUTF8": smtpUTF8 = true
            case "ENHANCEDSTATUSCODES": enhancedStatusCodes = true
            case "SIZE":
                takesSize = true
                sizeLimit = words.dropFirst().first.flatMap { Int($0) }.flatMap { $0 > 0 ? $0 : nil }
            case "AUTH": authentication.formUnion(words.dropFirst().map(String.init))
            default: break
            }
        }
    }
}
