import Foundation
import RapportCore
import RapportLog
import RapportPolicy
import RapportSQLite
import Testing

@testable import RapportHub

@Suite("The plan of a campaign")
struct PreviewTests {
    private func definition(
        start: String? = nil, audience: CampaignDefinition.Audience = .everyone
    ) throws -> CampaignDefinition {
        CampaignDefinition(
            name: "spring", title: "Spring", messageClass: .marketing, topic: "news", channels: [.sms, .email],
            adapters: [:], audience: audience, offer: nil, occurrence: nil,
            startAt: start.flatMap { Timestamp(rfc3339: $0) }, expiry: nil, language: "en",
            throttle: ThrottleSettings(), repeats: false, variables: [:],
            templates: [
                .init(channel: .sms, language: nil, part: .text, text: "Hello {{name}}"),
                .init(channel: .email, language: nil, part: .text, text: "Subject: Hello\n\nHello from {{city}}\n"),
            ], attachments: [], content: "0123")
    }

    private func preview(_ hub: HubFixture, _ definition: CampaignDefinition) async throws -> CampaignPreview {
        try await hub.campaigns.preview(definition, folder: hub.folder.path, smsSegments: { _ in 2 }) { _ in }
    }

    @Test("finds at night what will be missing in the morning, and what only a fallback names")
    func missingLater() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,name,phone,email\ncrm/1,Ana,13800138000,\ncrm/2,,13800138001,\n")
        _ = try await hub.imports("id,name,phone,email\ncrm/3,Cy,13800138002,cy@example.com\n")
        hub.advance(seconds: 11 * 3600)
        let night = try await preview(hub, definition())
        #expect(night.send == 0 && night.deferred["quiet-hours"]?.count == 2)
        #expect(night.unrenderable == ["the variable ‘name’ has no value": 1])
        #expect(night.unrenderableFallbacks == ["the variable ‘city’ has no value": 1])
        #expect(night.smsSegments == 0 && night.smsSegmentsLater == 4)
        try await hub.close()
    }

    @Test("judges what starts later in the moment in which it starts")
    func scheduled() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,name,phone\ncrm/1,Ana,13800138000\n")
        #expect(try await preview(hub, definition()).send == 1)
        let night = try await preview(hub, definition(start: "2026-06-15T23:00:00+08:00"))
        #expect(night.send == 0 && night.deferred.keys.sorted() == ["quiet-hours"])
        try await hub.close()
    }

    @Test("names the other message of the plan that takes the last slot")
    func evidence() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,name,phone\ncrm/1,Ana,13800138000\ncrm/2,Bo,13800138000\n")
        let preview = try await preview(hub, definition())
        let held = try #require(preview.examples.first { $0.rule != nil })
        #expect(held.evidence.allSatisfy { $0.hasPrefix("d-") } && !held.evidence.isEmpty)
        try await hub.close()
    }

    @Test("knows who shares an address or a household, however far apart they stand in the audience")
    func farApart() async throws {
        let hub = try await HubFixture()
        hub.policy.replace(
            with: try ContactPolicy(
                yaml: HubFixture.policyText.replacing(
                    "max: 2, per: 7d, scope: customer", with: "max: 1, per: 7d, scope: household")))
        // A page of an audience holds 500.
        let others = (1...600).map { "crm/\($0),N,1390000\(1000 + $0),\n" }.joined()
        _ = try await hub.imports(
            "id,name,phone,household\ncrm/a,Ana,13800138000,\ncrm/b,Bo,13800138001,h\n" + others
                + "crm/y,Yu,13800138000,\ncrm/z,Zoe,13800138002,h\n")
        let preview = try await preview(hub, definition())
        #expect(preview.send == 602)
        #expect(preview.skipped == ["duplicate": 1])
        #expect(preview.deferred["cap"]?.count == 1)
        try await hub.close()
    }

    @Test("counts of those who wait and share an address the one who will get it, and what the other gets instead")
    func sharedWaits() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,name,phone\ncrm/1,Ana,13800138000\ncrm/2,Bo,13800138000\n")
        hub.advance(seconds: 11 * 3600)
        let night = try await preview(hub, definition())
        #expect(night.audience == 2 && night.send == 0)
        #expect(night.deferred.mapValues(\.count) == ["quiet-hours": 1])
        #expect(night.skipped == ["duplicate": 1] && night.smsSegmentsLater == 2)
        let held = try #require(night.examples.first { $0.verdict == "skip" })
        #expect(held.evidence.allSatisfy { $0.hasPrefix("d-") } && !held.evidence.isEmpty)

        _ = try await hub.imports("id,email,city\ncrm/2,bo@example.com,Bonn\n")
        let byMail = try await preview(hub, definition())
        #expect(byMail.deferred.mapValues(\.count) == ["quiet-hours": 2])
        #expect(byMail.skipped.isEmpty && byMail.unrenderable.isEmpty && byMail.smsSegmentsLater == 2)
        try await hub.close()
    }

    @Test("gives who has to wait for one of a household, and then for another, a turn after both, in time or too late")
    func turnsOfHousehold() async throws {
        let hub = try await HubFixture()
        hub.policy.replace(
            with: try ContactPolicy(
                yaml: HubFixture.policyText.replacing(
                    "max: 2, per: 7d, scope: customer", with: "max: 1, per: day, scope: household")))
        _ = try await hub.imports(
            "id,name,phone,household\n1,Ana,13800138000,h\n2,Bo,13800138001,h\n3,Cy,13800138002,h\n")
        hub.advance(seconds: 11 * 3600)
        var definition = try definition()
        let enough = try await preview(hub, definition)
        #expect(enough.send == 0 && enough.skipped.isEmpty && enough.smsSegmentsLater == 6)
        #expect(enough.deferred.mapValues(\.count) == ["quiet-hours": 1, "cap": 2])
        #expect(enough.deferred["cap"]?.earliest == Timestamp(rfc3339: "2026-06-17T08:00:00+08:00"))
        #expect(enough.deferred["cap"]?.latest == Timestamp(rfc3339: "2026-06-18T08:00:00+08:00"))
        definition.expiry = .at(try #require(Timestamp(rfc3339: "2026-06-17T12:00:00+08:00")))
        let short = try await preview(hub, definition)
        #expect(short.deferred.mapValues(\.count) == ["quiet-hours": 1, "cap": 1])
        #expect(short.skipped == ["expired": 1] && short.smsSegmentsLater == 4)
        try await hub.close()
    }

    @Test("takes those who wait in the order of their turns, whenever they began to wait")
    func queue() {
        func wait(_ number: Int64, _ seconds: Int64) -> SharedWait {
            SharedWait(
                customer: CustomerID(number), variables: [:], until: Timestamp(seconds: seconds),
                judgement: .leave(until: Timestamp(seconds: seconds)))
        }
        var queue = WaitQueue((1...50).map { wait($0, $0 * 37 % 11) })
        var turns = queue.next(20)
        for number: Int64 in 51...60 { queue.insert(wait(number, number * 7 % 13)) }
        #expect(turns.map(\.until) == turns.map(\.until).sorted())
        turns = queue.next(100)
        #expect(turns.count == 40 && queue.isEmpty)
        #expect(zip(turns, turns.dropFirst()).allSatisfy { $0.comes(before: $1) })
    }

    @Test("lets nobody wait for what another one at their address gets now, whoever comes first in the audience")
    func forestalled() async throws {
        let hub = try await HubFixture()
        // At noon in Shanghai it is midnight in New York.
        _ = try await hub.imports(
            "id,name,phone,timeZone\ncrm/1,Ana,13800138000,America/New_York\ncrm/2,Bo,13800138000,\n"
                + "crm/3,Cy,13800138001,America/New_York\n")
        let noon = try await preview(hub, definition())
        #expect(noon.send == 1 && noon.skipped == ["duplicate": 1])
        #expect(noon.deferred.mapValues(\.count) == ["quiet-hours": 1])
        try await hub.close()
    }

    @Test("once cut off goes on with the same file of its audience and no other, and needs none when it is done")
    func changedFile() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,name,phone\n1,Ana,13800138000\n2,Bo,13800138001\n")
        let (desk, folder, key) = (hub.campaigns, hub.folder.path, CampaignKey(name: "spring"))
        let definition = try definition(audience: .csv(file: "list.csv"))
        let file = hub.folder.appending(path: "list.csv")
        for text in [nil, "name\nAna\n"] {
            if let text { try Data(text.utf8).write(to: file) }
            await #expect(throws: CampaignError.self) { try await desk.send(definition, folder: folder) { _ in } }
            #expect(try await hub.store.campaign(key) == nil, "nothing begins that can't go on")
        }

        try Data("id\n1\n".utf8).write(to: file)
        let cut = Task {
            _ = try await desk.send(definition, folder: folder) { planned in
                #expect(planned == 1)
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }
        await #expect(throws: CancellationError.self) { try await cut.value }
        try Data("id\n2\n".utf8).write(to: file)
        let error = await #expect(throws: CampaignError.self) {
            try await desk.send(definition, folder: folder) { _ in }
        }
        #expect(error?.description.hasPrefix("the audience's file ‘list.csv’ is not what it was") == true)
        #expect(try await hub.store.campaign(key)?.state == .planning)

        try Data("id\n1\n".utf8).write(to: file)
        _ = try await desk.send(definition, folder: folder) { _ in }
        try FileManager.default.removeItem(at: file)
        let course = CampaignCourse(store: hub.store, clock: hub.clock)
        _ = try await course.pause(key)
        #expect(try await course.resume(key).state == .sending)
        #expect(try await hub.store.progress(key, at: hub.now).planned == 1)
        try await hub.close()
    }

    @Test("once cut off before anything was planned takes the file of its audience as it is then")
    func mendedFile() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,name,phone\n1,Ana,13800138000\n2,Bo,13800138001\n")
        let (desk, folder, key) = (hub.campaigns, hub.folder.path, CampaignKey(name: "spring"))
        let definition = try definition(audience: .csv(file: "list.csv"))
        let file = hub.folder.appending(path: "list.csv")
        // It names nobody who is known.
        try Data("id\n9\n".utf8).write(to: file)
        let cut = Task {
            _ = try await desk.send(definition, folder: folder) { _ in
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }
        await #expect(throws: CancellationError.self) { try await cut.value }
        #expect(try await hub.store.campaign(key)?.state == .planning)
        try Data("id\n2\n".utf8).write(to: file)
        let (sent, problems, _) = try await desk.send(definition, folder: folder) { _ in }
        #expect(sent.state == .sending && problems.isEmpty)
        #expect(try await hub.store.progress(key, at: hub.now).planned == 1)
        try await hub.close()
    }

    @Test(
        "plans nobody of its file when another call has begun it with another file meanwhile, and that one goes on",
        // The last two reach nobody: one names a stranger, the other is empty.
        arguments: ["id\n1\n", "id\n9\n", "id\n"])
    func begunTwice(file: String) async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,name,phone\n1,Ana,13800138000\n2,Bo,13800138001\n")
        let (desk, folder, key) = (hub.campaigns, hub.folder.path, CampaignKey(name: "spring"))
        let definition = try definition(audience: .csv(file: "list.csv"))
        let other = hub.folder.appending(path: "other")
        try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
        try Data(file.utf8).write(to: hub.folder.appending(path: "list.csv"))
        try Data("id\n2\n".utf8).write(to: other.appending(path: "list.csv"))

        let begun = try await desk.begin(definition, key, desk.audience(in: folder), at: hub.now)
        let again = try await desk.begin(definition, key, desk.audience(in: other.path), at: hub.now)
        let error = await #expect(throws: CampaignError.self) {
            try await desk.plan(begun, desk.audience(in: folder), at: hub.now) { _ in }
        }
        #expect(error?.description.hasPrefix("the audience's file ‘list.csv’ is not what it was") == true)
        #expect(try await hub.store.campaign(key)?.state == .planning)
        #expect(try await hub.store.progress(key, at: hub.now).planned == 0)

        let sent = try await desk.plan(again, desk.audience(in: other.path), at: hub.now) { _ in }
        #expect(sent.campaign.state == .sending && sent.problems.isEmpty)
        let rows = try await hub.store.rows(of: key, states: [.planned], after: nil, limit: 9)
        #expect(rows.map(\.address.uri) == ["tel:+8613800138001"])
        try await hub.close()
    }

    @Test("finds whom an import brought by the file's own numbers")
    func numbers() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,name,phone\n1001,Ana,13800138000\n")
        try Data("id\n1001\n".utf8).write(to: hub.folder.appending(path: "list.csv"))
        let preview = try await preview(hub, definition(audience: .csv(file: "list.csv")))
        #expect(preview.problems.isEmpty && preview.send == 1)
        try await hub.close()
    }
}
