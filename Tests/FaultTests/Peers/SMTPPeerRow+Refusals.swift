import RapportTestServers

extension SMTPPeerRow {
    /// 4xx and 5xx at every step (RFC 5321, section 4.3.2; RFC 3463).
    static var refusals: [SMTPPeerRow] {
        transient + permanent
    }

    private static var transient: [SMTPPeerRow] {
        let once: [(Point, String)] = [
            (.greeting, "421 4.3.2 Not now"), (.hello, "421 4.3.2 Not now"), (.mail, "451 4.3.0 Later"),
            (.recipient, "450 4.2.0 Greylisted"), (.recipient, "452 4.5.3 Too many"), (.data, "451 4.3.0 Later"),
            (.dot, "451 4.3.0 Later"), (.dot, "452 4.3.1 Full"), (.mail, "421 4.7.0 Slow down"),
            (.recipient, "421 4.7.0 Slow down"), (.dot, "421 4.3.2 Not now"),
        ]
        let ever: [(Point, String, String)] = [
            (.mail, "451 4.3.0 Later", "temporary"), (.recipient, "450 4.2.0 Greylisted", "temporary"),
            (.recipient, "450 4.7.1 Slow down", "throttled"), (.data, "451 4.3.0 Later", "temporary"),
            (.dot, "451 4.3.0 Later", "temporary"), (.greeting, "554 5.3.2 No service", "connection"),
        ]
        return once.map { point, reply in
            SMTPPeerRow(
                name: "says \(reply) once at \(point)", script: .init([point: [.say(reply)]]), state: "accepted",
                attempts: 2, whole: point == .dot ? 2 : 1, accepted: 1)
        }
            + ever.map { point, reply, rule in
                SMTPPeerRow(
                    name: "says \(reply) for ever at \(point)", script: .init([point: [.say(reply)]], isEndless: true),
                    state: "failed", rule: rule, attempts: attempts, whole: point == .dot ? attempts : 0, accepted: 0)
            }
    }

    private static var permanent: [SMTPPeerRow] {
        let cases: [(Point, String, String, Bool)] = [
            (.mail, "550 5.7.1 Not from you", "rejected", false),
            (.recipient, "550 5.1.1 No such user", "badAddress", true),
            (.recipient, "550 No such user", "badAddress", true), (.recipient, "550 No relaying", "rejected", false),
            (.recipient, "550 5.7.1 Not to them", "rejected", false),
            (.recipient, "552 5.2.3 Too large", "tooLarge", false), (.recipient, "551 5.1.6 Moved", "badAddress", true),
            (.data, "554 5.5.1 No", "rejected", false), (.dot, "550 5.7.1 Spam", "rejected", false),
            (.dot, "552 5.3.4 Too large", "tooLarge", false), (.dot, "550 Spam", "rejected", false),
        ]
        return cases.map { point, reply, rule, isSuppressed in
            SMTPPeerRow(
                name: "says \(reply) at \(point)", script: .init([point: [.say(reply)]], isEndless: true),
                state: "failed", rule: rule, attempts: 1, whole: point == .dot ? 1 : 0, accepted: 0,
                isSuppressed: isSuppressed)
        }
            + [
                // A server that knows no EHLO is greeted as of old.
                SMTPPeerRow(
                    name: "says 502 to EHLO", script: .init([.hello: [.say("502 5.5.1 What?")]]), state: "accepted",
                    attempts: 1, whole: 1, accepted: 1),
                SMTPPeerRow(
                    name: "says 550 to EHLO and HELO for ever",
                    script: .init([.hello: [.say("550 5.7.1 Go away")]], isEndless: true), state: "failed",
                    rule: "connection", attempts: attempts, whole: 0, accepted: 0),
                SMTPPeerRow(
                    name: "speaks no SMTP at all",
                    script: .init([.greeting: [.say("HTTP/1.1 400 Bad Request")]], isEndless: true), state: "failed",
                    rule: "connection", attempts: attempts, whole: 0, accepted: 0),
                SMTPPeerRow(
                    name: "says nonsense to MAIL once", script: .init([.mail: [.say("hello there")]]),
                    state: "accepted", attempts: 2, whole: 1, accepted: 1),
            ]
    }
}
