import RapportChannels
import RapportCore
import RapportLog
import Testing

@testable import RapportHub

@Suite("A brief as JSON")
struct BriefJSONTests {
    private static let at = Timestamp(seconds: 0)
    private static let instant = "\"1970-01-01T00:00:00Z\""

    private func bare() -> CustomerBrief {
        let facts = ContactFacts(customer: ContactFacts.Person(id: "c7"))
        return CustomerBrief(
            CustomerOverview(customer: Customer(id: CustomerID(7)), facts: facts, followUps: [], timeline: []),
            page: nil, now: Self.at)
    }

    @Test("has every member under its name, in order")
    func whole() throws {
        var brief = bare()
        brief.name = "Ana"
        brief.language = "en"
        brief.timeZone = "Europe/Berlin"
        brief.household = "h1"
        brief.owner = "li"
        brief.tags = ["vip"]
        brief.attributes = ["plan": "gold", "city": "Bonn"]
        brief.addresses = ["mailto:ana@example.com"]
        brief.pausedUntil = Self.at
        brief.open = [
            .init(
                id: FollowUpID(3), kind: "message", summary: "?", owner: "wu", openedAt: Self.at, dueAt: Self.at,
                overdue: true)
        ]
        brief.promises = [.init(interaction: InteractionID(4), at: Self.at, text: "soon", by: "li")]
        brief.preferences = [
            .init(topic: "news", title: "News", allowed: ["email"], unconfirmed: ["sms"], refused: ["ivr"])
        ]
        brief.suppressed = [.init(address: "tel:+49", reason: .stop, at: Self.at)]
        brief.lastContacts = [
            .init(
                interaction: InteractionID(5), at: Self.at, channel: .email, direction: .inbound,
                kind: .messageReceived, summary: "hello")
        ]
        let members = [
            #""addresses":["mailto:ana@example.com"]"#, #""at":\#(Self.instant)"#,
            #""attributes":{"city":"Bonn","plan":"gold"}"#, #""customer":"c7""#, #""erased":false"#,
            #""household":"h1""#, #""language":"en""#,
            #""lastContacts":[{"at":\#(Self.instant),"channel":"email","direction":"inbound","interaction":"i5","#
                + #""kind":"message.received","summary":"hello"}]"#,
            #""name":"Ana""#,
            #""open":[{"dueAt":\#(Self.instant),"id":"f3","kind":"message","openedAt":\#(Self.instant),"#
                + #""overdue":true,"owner":"wu","summary":"?"}]"#,
            #""owner":"li""#, #""pausedUntil":\#(Self.instant)"#,
            #""preferences":[{"allowed":["email"],"refused":["ivr"],"title":"News","topic":"news","#
                + #""unconfirmed":["sms"]}]"#,
            #""promises":[{"at":\#(Self.instant),"by":"li","interaction":"i4","text":"soon"}]"#,
            #""suppressed":[{"address":"tel:+49","at":\#(Self.instant),"reason":"stop"}]"#, #""tags":["vip"]"#,
            #""timeZone":"Europe/Berlin""#,
        ]
        #expect(brief.json.text == "{\(members.joined(separator: ","))}")
    }

    @Test("leaves out what is not known")
    func bareOne() {
        #expect(
            bare().json.text
                == #"{"addresses":[],"at":\#(Self.instant),"attributes":{},"customer":"c7","erased":false,"#
                + #""lastContacts":[],"open":[],"preferences":[],"promises":[],"suppressed":[],"tags":[]}"#)
    }
}
