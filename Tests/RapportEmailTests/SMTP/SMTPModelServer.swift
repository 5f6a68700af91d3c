import RapportEmail

/// A server made of chance: it answers what it is sent as its generator says, and knows what it really has taken.
struct SMTPModelServer {
    enum Fate: Hashable {
        /// All of the content arrived; nothing was said of it yet.
        case received
        case accepted
        case refused
    }

    var generator: SeededGenerator
    let pipelines: Bool
    /// By ticket.
    private(set) var fates: [Int: Fate] = [:]
    /// What broke the rules of the protocol on the client's side.
    private(set) var faults: [String] = []
    /// Answers that wait to be sent, each with what it decides.
    private(set) var answers: [(text: String, decides: (ticket: Int, Fate)?)] = []
    private(set) var hasGone = false
    private var hasSender = false
    private var recipients = 0
    private var refusedRecipients = 0
    private var isReadingContent = false

    init(generator: SeededGenerator, pipelines: Bool) {
        self.generator = generator
        self.pipelines = pipelines
        answers.append(("220 model\r\n", nil))
    }

    mutating func read(_ bytes: [UInt8]) {
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
            .dropLast()
        {
            if !pipelines, !answers.isEmpty { faults.append("pipelined \(line)") }
            isReadingContent ? readLoneDot(String(line)) : read(command: String(line))
        }
    }

    /// The client's content, whole or cut by the end of the connection.
    mutating func readContent(of ticket: Int) {
        if !isReadingContent { faults.append("content out of order") }
        if refusedRecipients > 0 || recipients == 0 { faults.append("content for refused recipients") }
        endContent()
        fates[ticket] = .received
        let verdict = answer(["250 2.0.0 ok", "250 ok"], ["451 4.3.0 no", "554 5.7.1 no", "552 5.3.4 no"])
        answers[answers.count - 1].decides = (ticket, verdict ? .accepted : .refused)
    }

    /// The next bytes to the client, or `nil` when there is nothing to say.
    mutating func speak() -> [UInt8]? {
        guard !answers.isEmpty, !hasGone else { return nil }
        let next = answers.removeFirst()
        if let (ticket, fate) = next.decides { fates[ticket] = fate }
        if next.text.hasPrefix("421") || next.text.hasPrefix("!") { hasGone = true }
        return Array(next.text.utf8)
    }

    private mutating func read(command line: String) {
        switch line.prefix(4) {
        case "EHLO":
            answers.append((pipelines ? "250-model\r\n250 PIPELINING\r\n" : "250 model\r\n", nil))
        case "MAIL":
            if hasSender { faults.append("MAIL within a transaction") }
            hasSender = answer(["250 ok"], ["451 4.7.1 no", "550 5.7.1 no"])
            recipients = 0
            refusedRecipients = 0
        case "RCPT":
            if hasSender, answer(["250 2.1.5 ok", "251 ok"], ["450 no", "550 5.1.1 no", "553 no"]) {
                recipients += 1
            } else {
                if !hasSender { answers.append(("503 5.5.1 no sender\r\n", nil)) }
                refusedRecipients += 1
            }
        case "DATA":
            // Some servers want a content even for nobody.
            if recipients == 0, generator.chance(60) {
                answers.append(("503 5.5.1 no recipients\r\n", nil))
            } else {
                isReadingContent = answer(["354 go"], ["451 no", "554 no"])
            }
        case "RSET":
            hasSender = false
            answers.append(("250 reset\r\n", nil))
        case "QUIT": answers.append(("221 bye\r\n", nil))
        default: faults.append("unknown \(line)")
        }
    }

    private mutating func readLoneDot(_ line: String) {
        if line != "." { faults.append("content of no message") }
        if recipients > 0 { faults.append("an empty message to somebody") }
        endContent()
        _ = answer(["250 ok"], ["554 no recipients"])
    }

    private mutating func endContent() {
        isReadingContent = false
        hasSender = false
    }

    /// Answers with one or the other, or rarely with something that ends the dialogue.
    private mutating func answer(_ good: [String], _ bad: [String]) -> Bool {
        let isGood = generator.chance(80)
        var text = (isGood ? good : bad).randomElement(using: &generator) ?? "250 ok"
        var isBroken = false
        if generator.chance(3) {
            isBroken = true
            text = ["421 4.3.2 bye", "!nonsense", "!250-a\r\n251 b"].randomElement(using: &generator) ?? text
        } else if generator.chance(10) {
            text = "\(text.prefix(3))-more\r\n\(text)"
        }
        answers.append((text + "\r\n", nil))
        return isGood && !isBroken
    }
}
