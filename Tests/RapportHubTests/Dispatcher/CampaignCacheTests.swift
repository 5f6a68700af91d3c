import Logging
import RapportCore
import RapportLog
import RapportSQLite
import Testing

@testable import RapportHub

@Suite("Campaigns that are being sent")
struct CampaignCacheTests {
    private func definition(_ name: String, perMinute: Int) -> CampaignDefinition {
        CampaignDefinition(
            name: name, title: name, messageClass: .marketing, topic: "offers", channels: [.email], adapters: [:],
            audience: .everyone, offer: nil, occurrence: nil, startAt: nil, expiry: nil, language: "en",
            throttle: ThrottleSettings(perMinute: perMinute), repeats: false, variables: [:],
            templates: [.init(channel: .email, language: nil, part: .text, text: "Subject: Hi\n\nDear {{name}}\n")],
            attachments: [], content: "c1")
    }

    @Test("are all known with their throttles, however many are kept compiled, until they are sent no more")
    func many() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,name,email\ncrm/1,Ana,ana@example.com")
        for number in 1...5 {
            _ = try await hub.campaigns.send(definition("c\(number)", perMinute: number), folder: nil) { _ in }
        }
        let cache = CampaignCache(store: hub.store, logger: Logger(label: "test"), limit: 2)
        try await cache.learn(at: hub.now)
        let throttles = cache.throttles
        #expect(throttles.count == 5)
        for number in 1...5 {
            let key = CampaignKey(name: "c\(number)")
            #expect(throttles[key]?.perMinute == number)
            #expect(try await cache.entry(key)?.definition.name == "c\(number)")
        }
        _ = try await hub.store.move(
            CampaignKey(name: "c3"), from: [.sending], to: .paused, note: nil, at: hub.now)
        hub.advance(seconds: 2)
        try await cache.learn(at: hub.now)
        #expect(cache.throttles.count == 4)
        try await hub.close()
    }
}
