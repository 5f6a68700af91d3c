import RapportCore
import Testing

@testable import RapportPolicy

@Suite("The classes of messages that a suppressed address does not get")
struct BlockedClassesTests {
    @Test("are all of them, but not the transactional ones after a complaint, where the policy says nothing")
    func defaults() throws {
        let policy = try ContactPolicy(yaml: "timeZone: UTC\n")
        for reason in Suppression.Reason.allCases where reason != .complaint {
            #expect(policy.classes(blockedBy: reason) == MessageClass.allCases)
        }
        #expect(policy.classes(blockedBy: .complaint) == [.marketing, .service])
    }

    @Test("are those that the policy names for the reason")
    func named() throws {
        let policy = try ContactPolicy(yaml: "timeZone: UTC\nsuppressions: { manual: [service, marketing] }\n")
        #expect(policy.classes(blockedBy: .manual) == [.marketing, .service])
        #expect(policy.classes(blockedBy: .stop) == MessageClass.allCases)
    }
}
