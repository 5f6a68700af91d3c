import RapportCore
import RapportLog
import RapportPolicy
import Testing

@testable import RapportHub

@Suite("A claim by a clock that is behind")
struct ClaimClockTests {
    private static let now = Timestamp(seconds: 1_790_000_000)
    private static let later = now.adding(milliseconds: 1)
    private static let address = Address(normalized: "mailto:a@example.com")!

    private func decision(_ change: (inout ContactFacts) -> Void) throws -> ClaimDecision {
        var facts = ContactFacts(
            customer: .init(id: "c1"),
            consents: [
                .init(
                    id: "k1", customer: "c1", topic: "offers", state: .granted, at: Self.now.adding(seconds: -86400))
            ])
        change(&facts)
        let plan = DispatchPlan(
            customer: CustomerID(1), campaign: CampaignKey(name: "spring"), messageClass: .marketing, topic: "offers",
            content: "x", routes: [Route(channel: .email, adapter: "mail", address: Self.address)], dueAt: Self.now)
        let candidate = ClaimCandidate(
            id: DispatchID(1), customer: Customer(id: CustomerID(1)), plan: plan, routeIndex: 0,
            facts: facts)
        var decider = ClaimDecider(policy: try ContactPolicy(yaml: HubFixture.policyText), now: Self.now)
        return decider.judge(candidate)
    }

    private func rule(_ decision: ClaimDecision) -> String? {
        switch decision {
        case .skip(let rule, _, _), .defer(_, let rule, _, _): rule
        case .claim, .leave, .turn: nil
        }
    }

    @Test("nothing in the way, it claims")
    func allowed() throws {
        #expect(rule(try decision { _ in }) == nil)
    }

    @Test("an opt-out that was committed holds, whatever its date")
    func optOut() throws {
        let suppressed = try decision {
            $0.suppressions = [.init(id: "s1", address: Self.address, reason: .stop, at: Self.later)]
        }
        #expect(rule(suppressed) == "suppressed")
        let denied = try decision {
            $0.consents.append(.init(id: "k2", customer: "c1", topic: "offers", state: .denied, at: Self.later))
        }
        #expect(rule(denied) == "consent")
    }

    @Test("what another node has claimed counts, whatever its date")
    func counted() throws {
        let capped = try decision { facts in
            for number in 2...3 {
                facts.dispatches.append(
                    .init(
                        id: "d\(number)", customer: "c1", address: Address(normalized: "mailto:b@example.com")!,
                        channel: .email, messageClass: .marketing, topic: "offers", state: .claimed,
                        at: Self.now.adding(seconds: 3600)))
            }
        }
        #expect(rule(capped) == "cap")
    }

    @Test("an answer and a complaint that were committed hold, whatever their date")
    func answered() throws {
        let responded = try decision {
            $0.responses = [.init(id: "i1", campaign: "spring", at: Self.later)]
        }
        #expect(rule(responded) == "responded")
        let complained = try decision {
            $0.openCases = [.init(id: "f1", kind: "complaint", openedAt: Self.later)]
        }
        #expect(rule(complained) == "open-case")
    }

    @Test("a yes that lies ahead does not hold yet")
    func early() throws {
        let ungranted = try decision { $0.consents[0].at = Self.later }
        #expect(rule(ungranted) == "consent")
    }
}
