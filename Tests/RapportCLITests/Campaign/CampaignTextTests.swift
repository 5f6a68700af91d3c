import RapportCore
import RapportHub
import RapportLog
import Testing

@testable import RapportCLI

@Suite("What commands print of campaigns")
struct CampaignTextTests {
    private static let now = Timestamp(seconds: 1_800_000_000)
    private static let progress = CampaignProgress(
        planned: 20, states: [.delivered: 8, .deferred: 6, .planned: 4, .skipped: 2], skipped: ["consent": 2],
        deferred: ["quiet-hours": 5, "gap": 1], responded: 3, lastMinute: 8, nextDue: now)

    private func record(_ state: CampaignRecord.State) -> CampaignRecord {
        CampaignRecord(
            key: CampaignKey(name: "spring", occurrence: "2026"), state: state, messageClass: .marketing,
            topic: "offers", definition: "{}", createdAt: Self.now)
    }

    @Test("every planned message is counted once, with the rules that hold or end it")
    func counts() {
        #expect(
            CampaignText.counts(Self.progress)
                == "4 planned, 6 deferred (quiet-hours 5, gap 1), 8 delivered, 2 skipped (consent 2)")
        #expect(CampaignText.counts(CampaignProgress()) == "nothing planned")
    }

    @Test("the bar shows how far it is, how fast and how long still")
    func bar() {
        let text = WatchBar.text(Self.progress, at: Self.now)
        #expect(text.hasPrefix("██████████░░░░░░░░░░ 10/20  8/min  30s left"))
    }

    @Test("no time is told when nothing moves")
    func noRate() {
        var progress = Self.progress
        progress.lastMinute = 0
        #expect(WatchBar.secondsLeft(progress, at: Self.now) == nil)
    }

    struct Look: Sendable {
        var state: CampaignRecord.State
        var states: [DispatchState: Int]
        var nextDue: Timestamp?
        var hub = true
        var expected: CampaignEnding.Reason?
    }

    @Test(
        "watching ends when there is nothing more to see",
        arguments: [
            Look(state: .sending, states: [.planned: 3], nextDue: now, expected: nil),
            Look(state: .sending, states: [.delivered: 3], nextDue: nil, expected: nil),
            Look(state: .sending, states: [.planned: 3], nextDue: now, hub: false, expected: .noHub),
            Look(
                state: .sending, states: [.deferred: 3], nextDue: now.adding(seconds: 3600),
                expected: .rests(until: now.adding(seconds: 3600))),
            Look(state: .sending, states: [.deferred: 3], nextDue: now.adding(seconds: 30), expected: nil),
            Look(
                state: .sending, states: [.deferred: 3, .handedOff: 1], nextDue: now.adding(seconds: 3600),
                expected: nil),
            Look(state: .paused, states: [.planned: 3], nextDue: now, expected: .paused),
            Look(state: .completed, states: [.delivered: 3], nextDue: nil, expected: .done),
            Look(state: .cancelled, states: [.cancelled: 3], nextDue: nil, hub: false, expected: .done),
        ])
    func ending(look: Look) {
        let progress = CampaignProgress(
            planned: look.states.values.reduce(0, +), states: look.states, nextDue: look.nextDue)
        let seen = CampaignLook(
            at: Self.now, record: record(look.state), progress: progress, hubIsRunning: look.hub)
        #expect(seen.isOver == (look.expected != nil))
        if let expected = look.expected { #expect(seen.reason(detached: false).why == expected) }
    }

    @Test("whoever detaches is told that the hub goes on, and one without a hub that none does")
    func detached() {
        func lines(hub: Bool) -> [String] {
            CampaignLook(at: Self.now, record: record(.sending), progress: Self.progress, hubIsRunning: hub)
                .reason(detached: true).lines()
        }
        #expect(lines(hub: true)[0].contains("the hub goes on"))
        #expect(lines(hub: false)[0].contains("no hub is running on this store; 10 messages wait"))
    }

    @Test("a finished campaign with failures wants attention")
    func attention() {
        var progress = CampaignProgress(planned: 2, states: [.delivered: 1, .failed: 1], failed: ["expired": 1])
        #expect(CampaignEnding(record: record(.completed), progress: progress, why: .done).wantsAttention)
        progress.states = [.delivered: 2]
        #expect(!CampaignEnding(record: record(.completed), progress: progress, why: .done).wantsAttention)
    }

    @Test("a report's states add up, and it says who was reached and who answered")
    func report() {
        let report = CampaignReport(
            record: record(.sending), progress: Self.progress, examples: [],
            adapters: CampaignAdapters(entries: [
                .init(adapter: "mail-out", channel: .email, isSandbox: true),
                .init(adapter: "sms-out", channel: .sms, isSandbox: false),
            ]))
        let lines = report.lines().map { $0.split(separator: " ").map(String.init) }
        #expect(report.reached == 8)
        #expect(lines.contains(["answered", "3", "15.0", "%"]))
        #expect(lines.contains(["quiet-hours", "5"]))
        #expect(
            report.lines().contains { $0.hasSuffix("mail-out (email, sandbox: written, not sent), sms-out (sms)") })
    }
}
