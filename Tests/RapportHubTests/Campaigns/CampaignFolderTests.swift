import Foundation
import Testing

@testable import RapportHub

@Suite("A campaign's folder")
struct CampaignFolderTests {
    @Test("says something else when a variable does, and the same when only its order changes")
    func fingerprint() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rapport-campaign-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("{{news}} {{sender}}".utf8).write(to: folder.appending(path: "sms.txt"))
        func content(_ variables: String) throws -> String {
            let text = "topic: news\nchannels: [sms]\naudience: everyone\nvariables: { \(variables) }\n"
            try Data(text.utf8).write(to: folder.appending(path: "campaign.yaml"))
            return try CampaignFolder(path: folder.path).load().content
        }
        let march = try content("news: March, sender: Lena")
        #expect(try content("sender: Lena, news: March") == march)
        #expect(try content("news: April, sender: Lena") != march)
    }
}
