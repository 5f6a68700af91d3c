import RapportTestServers

/// How an SMS gateway misbehaves towards one message, and how the message must stand in the end.
struct GatewayRow {
    enum Step: Sendable, Equatable {
        /// Calls the message's `dlr-url` with this status, and waits for the hub's answer.
        case report(Int)
        case answer(Int, String)
        /// Hangs up instead of answering.
        case hangUp
        /// Says nothing until the hub has hung up.
        case dawdle
    }

    var name: String
    /// What it does at the first, the second, … time that it gets the message; the last is repeated.
    var script: [[Step]]
    var repeats = false
    var state: String
    var rule: String?
    /// Times that the gateway got the message.
    var received: Int
    /// Rows of the log that tell of receipts, by kind.
    var receipts: [String: Int] = [:]

    static let taken = Step.answer(202, "0: Accepted for delivery")
    /// Attempts of the hub under test.
    static let attempts = 3

    static let all: [GatewayRow] = receiptRows + answerRows

    private static let receiptRows: [GatewayRow] = [
        GatewayRow(
            name: "reports in order", script: [[taken, .report(8), .report(1)]], state: "delivered", received: 1,
            receipts: ["delivery.accepted": 1, "delivery.delivered": 1]),
        GatewayRow(
            name: "reports delivery before it answers", script: [[.report(1), taken]], state: "delivered", received: 1,
            receipts: ["delivery.delivered": 1]),
        GatewayRow(
            name: "reports failure before it answers", script: [[.report(2), taken]], state: "failed", received: 1,
            receipts: ["delivery.failed": 1]),
        GatewayRow(
            name: "reports delivery 46 times", script: [[taken] + Array(repeating: .report(1), count: 46)],
            state: "delivered", received: 1, receipts: ["delivery.delivered": 1]),
        GatewayRow(
            name: "reports delivery 46 times before it answers",
            script: [Array(repeating: .report(1), count: 46) + [taken]], state: "delivered", received: 1,
            receipts: ["delivery.delivered": 1]),
        GatewayRow(
            name: "reports in reverse", script: [[taken, .report(1), .report(8), .report(4)]], state: "delivered",
            received: 1, receipts: ["delivery.accepted": 1, "delivery.deferred": 1, "delivery.delivered": 1]),
        GatewayRow(
            name: "reports failure and then what came before it", script: [[taken, .report(2), .report(8)]],
            state: "failed", received: 1, receipts: ["delivery.accepted": 1, "delivery.failed": 1]),
        GatewayRow(
            name: "reports failure and then delivery after all", script: [[taken, .report(2), .report(1)]],
            state: "delivered", received: 1, receipts: ["delivery.delivered": 1, "delivery.failed": 1]),
        GatewayRow(
            name: "reports delivery and then failure", script: [[taken, .report(1), .report(2)]], state: "delivered",
            received: 1, receipts: ["delivery.delivered": 1, "delivery.failed": 1]),
        GatewayRow(
            name: "reports a status that nobody knows", script: [[taken, .report(512)]], state: "accepted", received: 1,
            receipts: ["unknown": 1]),
    ]

    private static let answerRows: [GatewayRow] = [
        GatewayRow(name: "times out", script: [[.dawdle]], state: "unknown", received: 1),
        GatewayRow(
            name: "times out and reports delivery", script: [[.dawdle, .report(1)]], state: "delivered", received: 1,
            receipts: ["delivery.delivered": 1]),
        GatewayRow(
            name: "times out and reports failure", script: [[.dawdle, .report(16)]], state: "failed", received: 1,
            receipts: ["delivery.failed": 1]),
        GatewayRow(name: "hangs up", script: [[.hangUp]], state: "unknown", received: 1),
        GatewayRow(
            name: "times out over what may be repeated", script: [[.dawdle], [taken]], repeats: true,
            state: "accepted", received: 2),
        GatewayRow(
            name: "hangs up over what may be repeated", script: [[.hangUp], [taken]], repeats: true,
            state: "accepted", received: 2),
        GatewayRow(
            name: "hangs up for ever over what may be repeated", script: [[.hangUp]], repeats: true, state: "unknown",
            received: attempts),
        GatewayRow(
            name: "answers what nobody understands", script: [[.answer(200, "<html>welcome</html>")]],
            state: "unknown", received: 1),
        GatewayRow(
            name: "is down once", script: [[.answer(503, "Temporal failure, try again later.")], [taken]],
            state: "accepted", received: 2),
        GatewayRow(
            name: "is down", script: [[.answer(503, "Temporal failure, try again later.")]], state: "failed",
            rule: "temporary", received: attempts),
        GatewayRow(
            name: "asks to slow down once", script: [[.answer(429, "")], [taken]], state: "accepted", received: 2),
        GatewayRow(
            name: "refuses the password", script: [[.answer(403, "Authorization failed for sendsms")]],
            state: "failed", rule: "authentication", received: attempts),
        GatewayRow(
            name: "has no route", script: [[.answer(403, "Not routable. Do not try again.")]], state: "failed",
            rule: "rejected", received: 1),
        GatewayRow(
            name: "has no room for it", script: [[.answer(413, "")]], state: "failed", rule: "tooLarge", received: 1),
    ]
}
