import Foundation
import RapportCore
import RapportSQLite
import Testing

@testable import RapportHub

@Suite("The files of a campaign")
struct CampaignFileTests {
    /// What is wrong with a campaign of these lines; `nil` when nothing is.
    private func problem(_ lines: String) throws -> String? {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rapport-campaign-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(lines.utf8).write(to: folder.appending(path: "campaign.yaml"))
        try Data("Subject: Hi\n\nDear you\n".utf8).write(to: folder.appending(path: "email.txt"))
        do {
            _ = try CampaignFolder(path: folder.path).load()
            return nil
        } catch {
            return "\(error)".replacing(folder.path + "/", with: "")
        }
    }

    private static let good = "topic: news\nchannels: [email]\naudience: everyone\n"

    @Test("A topic, channels and an audience are all that has to be there")
    func least() throws {
        #expect(try problem(Self.good) == nil)
    }

    @Test(
        "What is missing or means nothing is refused with its place",
        arguments: [
            (good + "repeats: true\n", "4:10: only a campaign of class transactional may repeat"),
            (good + "class: marketing\nrepeats: true\n", "5:10: only a campaign of class transactional may repeat"),
            ("topic: news\naudience: everyone\nchannels: []\n", "3:11: expected at least one channel"),
            (
                "topic: news\naudience: everyone\nchannels: [email, email]\n",
                "3:11: a channel stands here twice"
            ),
            (
                "topic: news\naudience: everyone\nchannels: [email, sms]\n",
                "1:1: the channel sms has no template; expected sms.txt"
            ),
            (
                "topic: news\nchannels: [email]\naudience: { csv: people.csv, tags: [vip] }\n",
                "3:11: csv stands alone: the file names the customers"
            ),
            (
                "topic: news\nchannels: [email]\naudience: { csv: ../people.csv }\n",
                "3:18: expected a file in the campaign's folder"
            ),
            (
                "topic: news\nchannels: [email]\naudience: { csv: /etc/passwd }\n",
                "3:18: expected a file in the campaign's folder"
            ),
            (
                "topic: news\nchannels: [email]\naudience: everybody\n",
                "3:11: expected ‘everyone’, or tags, without, attributes, languages or csv"
            ),
            (
                good + "schedule: { start: tomorrow }\n",
                "4:20: expected an instant such as 2026-03-01T09:00:00+08:00"
            ),
            (
                good + "expires: soon\n",
                "4:10: expected a duration such as 14d, or an instant such as 2026-03-01T09:00:00+08:00"
            ),
            (good + "throttle: { perMinute: 0 }\n", "4:24: expected a whole number from 1 to 10000000"),
            (
                good + "throttle: { perHour: 5 }\n",
                "4:13: unknown key ‘perHour’; expected one of: perDomainPerMinute, perMinute"
            ),
        ])
    func refused(lines: String, expected: String) throws {
        let found = try problem(lines)
        #expect(found == "campaign.yaml:" + expected)
    }

    @Test("A file of recipients names known customers, each once; every other line is told with its number")
    func recipients() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,email\ncrm/1,ana@example.com\ncrm/2,bo@example.com\n")
        let lines = [
            "email,gift", "ana@example.com,tea", "not-an-address,tea", "zoe@example.com,tea", "ANA@example.com,tea",
            ",tea", "bo@example.com,",
        ]
        try Data(lines.joined(separator: "\n").utf8).write(to: hub.folder.appending(path: "people.csv"))
        let reader = AudienceReader(
            store: hub.store, normalizer: hub.normalizer, region: "CN", folder: hub.folder.path)
        var recipients: [Recipient] = []
        var problems: [AudienceProblem] = []
        try await reader.forEachPage(of: .csv(file: "people.csv")) {
            recipients += $0
            problems += $1
        }
        #expect(
            recipients.map(\.variables) == [["email": "ana@example.com", "gift": "tea"], ["email": "bo@example.com"]])
        #expect(
            problems == [
                AudienceProblem(line: 3, reason: "names no address that can be read"),
                AudienceProblem(line: 4, reason: "not a customer yet: import it first"),
                AudienceProblem(line: 5, reason: "the customer stands in the file twice"),
                AudienceProblem(line: 6, reason: "names no address that can be read"),
            ])
        try await hub.close()
    }

    @Test(
        "A file of recipients that can't be read as one is refused as a whole",
        arguments: [
            (nil, "‘people.csv’ is not there or is not CSV"),
            ("name,gift\nAna,tea\n", "‘people.csv’ has no column id, email or phone"),
        ])
    func unreadable(text: String?, expected: String) async throws {
        let hub = try await HubFixture()
        if let text { try Data(text.utf8).write(to: hub.folder.appending(path: "people.csv")) }
        let reader = AudienceReader(
            store: hub.store, normalizer: hub.normalizer, region: "CN", folder: hub.folder.path)
        await #expect {
            try await reader.forEachPage(of: .csv(file: "people.csv")) { _, _ in }
        } throws: {
            if case CampaignError.unreadableAudience(expected) = $0 { true } else { false }
        }
        try await hub.close()
    }
}
