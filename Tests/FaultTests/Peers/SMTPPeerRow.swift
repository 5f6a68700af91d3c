import RapportTestServers

/// How a mail server misbehaves towards one message, and how the message must stand in the end.
struct SMTPPeerRow {
    var name: String
    var script: ScriptedSink.Script
    /// A message that may be repeated rather than be lost.
    var repeats = false
    /// More than the system takes from the hub before the server reads it.
    var isLarge = false
    var state: String
    var rule: String?
    /// Times that the hub handed the message over.
    var attempts: Int
    /// Mails that the server had whole, and those of them that it took.
    var whole: Int
    var accepted: Int
    /// Whether the address must not be used again.
    var isSuppressed = false

    /// How long the hub waits for the server: short only where the server says nothing, so that a busy machine fails
    /// nothing else. A large mail takes its time through small buffers.
    var seconds: Int {
        guard script.acts.values.contains(where: { $0.contains(.stall) }) else { return 60 }
        return isLarge ? 15 : 3
    }

    typealias Point = ScriptedSink.Point
    typealias Act = ScriptedSink.Act

    /// Attempts of the hub under test.
    static let attempts = 3

    /// The whole table, once with PIPELINING and once without: what may be said when differs between them, and what
    /// becomes of the message must not.
    static var all: [SMTPPeerRow] {
        let rows = drops + stalls + refusals + confirmations
        return rows
            + rows.map { row in
                var row = row
                row.name += ", one command at a time"
                row.script.pipelining = false
                return row
            }
    }

    private static func once(_ name: String, _ point: Point, _ act: Act) -> SMTPPeerRow {
        SMTPPeerRow(
            name: name, script: .init([point: [act]]), state: "accepted", attempts: 2, whole: point == .dot ? 2 : 1,
            accepted: 1)
    }

    private static func large(_ row: SMTPPeerRow) -> SMTPPeerRow {
        var row = row
        row.isLarge = true
        return row
    }

    private static func ever(_ name: String, _ point: Point, _ act: Act, rule: String) -> SMTPPeerRow {
        SMTPPeerRow(
            name: name, script: .init([point: [act]], isEndless: true), state: "failed", rule: rule,
            attempts: attempts, whole: point == .dot ? attempts : 0, accepted: 0)
    }

    /// Refused for good at the first attempt.
    private static func refused(
        _ name: String, _ point: Point, _ reply: String, rule: String, isSuppressed: Bool = false
    ) -> SMTPPeerRow {
        SMTPPeerRow(
            name: name, script: .init([point: [.say(reply)]], isEndless: true), state: "failed", rule: rule,
            attempts: 1, whole: point == .dot ? 1 : 0, accepted: 0, isSuppressed: isSuppressed)
    }

    private static let commands: [Point] = [.greeting, .hello, .mail, .recipient, .data]

    private static var drops: [SMTPPeerRow] {
        commands.map { once("hangs up once at \($0)", $0, .drop) }
            + [.greeting, .hello, .mail, .recipient].map {
                once("answers \($0) and hangs up once", $0, .answerAndDrop)
            }
            + [large(once("hangs up once in the middle of a large content", .content, .drop))]
            + [
                // A small mail has left the hub whole by then, so the server may have it.
                SMTPPeerRow(
                    name: "hangs up in the middle of a small content", script: .init([.content: [.drop]]),
                    state: "unknown", attempts: 1, whole: 0, accepted: 0)
            ]
            + [Point.greeting, .recipient, .data].map {
                ever("hangs up at \($0) for ever", $0, .drop, rule: "connection")
            }
    }

    private static var stalls: [SMTPPeerRow] {
        commands.map { once("stalls once at \($0)", $0, .stall) }
            + [
                ever("stalls at the greeting for ever", .greeting, .stall, rule: "timeout"),
                ever("stalls before DATA is answered for ever", .data, .stall, rule: "timeout"),
                large(once("stalls once in the middle of a large content", .content, .stall)),
                SMTPPeerRow(
                    name: "stalls in the middle of a small content", script: .init([.content: [.stall]]),
                    state: "unknown", attempts: 1, whole: 0, accepted: 0),
                SMTPPeerRow(
                    name: "stalls after the final dot", script: .init([.dot: [.stall]]), state: "unknown", attempts: 1,
                    whole: 1, accepted: 0),
            ]
    }

    private static var confirmations: [SMTPPeerRow] {
        [
            SMTPPeerRow(
                name: "takes the mail and hangs up before its 250", script: .init([.dot: [.drop]]), state: "unknown",
                attempts: 1, whole: 1, accepted: 0),
            SMTPPeerRow(
                name: "hangs up after its 250", script: .init([.dot: [.answerAndDrop]]), state: "accepted", attempts: 1,
                whole: 1, accepted: 1),
            SMTPPeerRow(
                name: "hangs up after the final dot of what may be repeated", script: .init([.dot: [.drop]]),
                repeats: true, state: "accepted", attempts: 2, whole: 2, accepted: 1),
            SMTPPeerRow(
                name: "hangs up after every final dot of what may be repeated",
                script: .init([.dot: [.drop]], isEndless: true), repeats: true, state: "unknown", attempts: attempts,
                whole: attempts, accepted: 0),
        ]
    }
}
