/// One client's dialogue with a `ScriptedSink`.
struct ScriptedSession {
    enum Event {
        case whole(recipient: String)
        case accepted(recipient: String)
    }

    private struct HungUp: Error {}

    private let connection: LoopbackConnection
    private let pipelining: Bool
    private var recipient = ""

    init(connection: LoopbackConnection, pipelining: Bool) {
        self.connection = connection
        self.pipelining = pipelining
    }

    /// Serves until one side goes; throws when that was not after QUIT.
    mutating func run(act: (ScriptedSink.Point) -> ScriptedSink.Act?, note: (Event) -> Void) throws {
        try answer(act(.greeting), "220 sink.rapport.test ESMTP")
        while let line = try connection.readLine() {
            switch line.prefix(4).uppercased() {
            case "EHLO":
                let extensions = (pipelining ? "250-PIPELINING\r\n" : "") + "250 8BITMIME"
                try answer(act(.hello), "250-sink.rapport.test\r\n\(extensions)")
            case "HELO": try answer(act(.hello), "250 sink.rapport.test")
            case "MAIL": try answer(act(.mail), "250 2.1.0 Ok")
            // Taken even after a MAIL that was refused, as some servers do.
            case "RCPT":
                if try answer(act(.recipient), "250 2.1.5 Ok") {
                    recipient = String(line.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" })
                }
            case "DATA": try data(act, note)
            case "RSET":
                recipient = ""
                try connection.write("250 2.0.0 Ok\r\n")
            case "QUIT":
                try answer(act(.quit), "221 2.0.0 Bye")
                return
            default: try connection.write("500 5.5.1 What?\r\n")
            }
        }
    }

    private mutating func data(
        _ act: (ScriptedSink.Point) -> ScriptedSink.Act?, _ note: (Event) -> Void
    ) throws {
        guard !recipient.isEmpty else { return try connection.write("503 5.5.1 Out of order\r\n") }
        defer { recipient = "" }
        guard try answer(act(.data), "354 Go ahead") else { return }
        if let act = act(.content) {
            _ = try connection.readLine()
            try answer(act, "")
        }
        while true {
            guard let line = try connection.readLine() else { throw HungUp() }
            if line == "." { break }
        }
        note(.whole(recipient: recipient))
        let verdict = act(.dot)
        // Written down before it is said.
        if verdict == nil || verdict == .answerAndDrop { note(.accepted(recipient: recipient)) }
        try answer(verdict, "250 2.0.0 Taken")
    }

    /// - Returns: whether the answer was the proper one.
    @discardableResult
    private func answer(_ act: ScriptedSink.Act?, _ proper: String) throws -> Bool {
        switch act {
        case nil:
            try connection.write(proper + "\r\n")
            return true
        case .drop: throw HungUp()
        case .answerAndDrop:
            try connection.write(proper + "\r\n")
            throw HungUp()
        case .say(let line):
            try connection.write(line + "\r\n")
            return false
        case .sayAndDrop(let line):
            try connection.write(line + "\r\n")
            throw HungUp()
        case .stall:
            connection.waitForEnd()
            throw HungUp()
        }
    }
}
