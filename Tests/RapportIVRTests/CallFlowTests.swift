import RapportChannels
import Testing

@testable import RapportIVR

@Suite("Going through a menu") struct CallFlowTests {
    private func flow() throws -> CallFlow { CallFlow(menu: try Menus.standard()) }

    private func state(_ node: String, step: Int = 1, tries: Int = 1, language: String? = nil) -> CallState {
        CallState(node: node, step: step, tries: tries, language: language)
    }

    @Test("a stranger is welcomed, a customer with a colleague goes straight on")
    func branches() throws {
        let stranger = try flow().step(at: state("entry"), caller: .init())
        #expect(stranger.said.map(\.text) == ["Welcome <to> Ana's & Bo's.", "For no more offers press 1."])
        #expect(stranger.state.node == "main")
        let customer = try flow().step(at: state("entry"), caller: .init(isKnown: true, owner: "Mei"))
        #expect(customer.said.map(\.text) == ["For no more offers press 1."])
        let chinese = try flow().step(at: state("entry"), caller: .init(isKnown: true, language: "zh-TW"))
        #expect(chinese.said == [.init(language: "zh", text: "不再接收优惠请按1。", voice: "Polly.Zhiyu")])
        let other = try flow().step(at: state("entry"), caller: .init(attributes: ["called": "+18005550199"]))
        #expect(other.then == .record(.init(seconds: 60, goto: "done")))
    }

    @Test("the owner is named, or somebody is")
    func owner() throws {
        func said(_ caller: CallFlow.Caller, _ language: String? = nil) throws -> String? {
            try flow().step(at: state("owner", language: language), caller: caller).said.first?.text
        }
        #expect(try said(.init(isKnown: true, owner: "Mei")) == "Your contact is Mei.")
        #expect(try said(.init(isKnown: true)) == "Your contact is one of our colleagues.")
        #expect(try said(.init(isKnown: true), "zh") == "您的联系人是我们的同事。")
        #expect(try said(.init(isKnown: true, language: "fr")) == "Your contact is one of our colleagues.")
    }

    @Test("a key chooses, acts and leads on")
    func keys() throws {
        let outcome = try flow().outcome(of: .digits("1"), at: state("main", step: 4))
        #expect(outcome.next == state("done", step: 5))
        #expect(outcome.choice?.optOut == .init(topic: "offers"))
        let language = try flow().outcome(of: .digits("5"), at: state("main"))
        #expect(language.next == state("main", step: 2, language: "zh"))
        let coupon = try flow().outcome(of: .digits("4711"), at: state("coupon"))
        #expect(coupon.next?.node == "done")
    }

    @Test(
        "words choose, whole ones",
        arguments: [
            ("No more offers, please.", true), ("我不要优惠了", true), ("no more of these offers", false), ("", false),
        ])
    func words(text: String, chooses: Bool) throws {
        #expect((try flow().outcome(of: .speech(text), at: state("main")).choice != nil) == chooses)
    }

    @Test("a wrong key is asked again, and after the last try the caller goes elsewhere or is let go")
    func tries() throws {
        for input in [CallFlow.Input.digits("8"), .digits("11"), .nothing, .speech("what")] {
            let once = try flow().outcome(of: input, at: state("main"))
            #expect(once == .init(next: state("main", step: 2, tries: 2)))
            let twice = try flow().outcome(of: input, at: state("main", step: 2, tries: 2))
            #expect(twice == .init(next: state("voicemail", step: 3)))
        }
        #expect(try flow().outcome(of: .nothing, at: state("coupon", tries: 3)) == .init())
    }

    @Test("a call that never ends is ended")
    func endless() throws {
        let last = state("main", step: CallState.stepLimit)
        #expect(try flow().outcome(of: .digits("3"), at: last) == .init())
    }

    @Test("a node that is gone starts over")
    func gone() throws {
        #expect(try flow().outcome(of: .digits("1"), at: state("gone")).next == state("entry", step: 2))
    }

    @Test("the state comes back as it went")
    func roundTrip() throws {
        let there = state("a b&c=d", step: 7, tries: 2, language: "zh-CN")
        #expect(try CallState(query: there.query) == there)
    }

    @Test(
        "a state that is not ours is refused",
        arguments: [
            "", "node=a", "node=a&step=0&try=1", "node=a&step=1&try=11", "node=a&step=201&try=1", "node=a&step=x&try=1",
            "node=a&node=b&step=1&try=1", "node=&step=1&try=1", "node=%ZZ&step=1&try=1",
        ])
    func foreign(query: String) {
        #expect(throws: InboundRejection.self) { try CallState(query: query) }
    }
}
