import Foundation
import RapportApp
import RapportCore
import RapportHub
import RapportLog

@testable import RapportCLI

/// A configuration, a policy, a campaign and a store of their own in a scratch folder, opened as commands open them.
final class DeskFixture: Sendable {
    let folder: URL
    let hub: HubContext

    private static let configuration = """
        store: sqlite:hub.db
        region: CN
        policy: policy.yaml
        templates: templates
        secret: file:secret
        adapters:
          mail:
            type: sandbox
            channel: email
            folder: outbox
            secret: file:secret
            from: "Desk <desk@example.com>"
            returnPath: bounce@example.com
          text: { type: sandbox, channel: sms, folder: outbox, secret: file:secret }
        """
    private static let policy = """
        timeZone: Asia/Shanghai
        topics:
          offers: { title: "Offers", consent: opt-in }
          news:   { title: "News", consent: opt-out }
          care:   { title: "Care", consent: none }
          club:   { title: "Club", consent: opt-in, doubleOptIn: [email] }
        rules:
          - cap: { max: 2, per: 7d, scope: customer }
        """
    private static let campaign = """
        class: marketing
        topic: offers
        channels: [email, sms]
        audience: everyone
        """

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "rapport-cli-\(UUID().uuidString)")
        let campaigns = folder.appending(path: "templates/campaigns/spring")
        try FileManager.default.createDirectory(at: campaigns, withIntermediateDirectories: true)
        for (name, text) in [
            ("rapport.yaml", Self.configuration), ("policy.yaml", Self.policy), ("secret", "a secret of this test"),
            ("templates/campaigns/spring/campaign.yaml", Self.campaign),
            ("templates/campaigns/spring/email.txt", "Subject: Spring\n\nHello {{name}} in {{city}}\n"),
            ("templates/campaigns/spring/sms.txt", "Hello {{name}}"),
        ] {
            try Data(text.utf8).write(to: folder.appending(path: name))
        }
        hub = try await HubContext.open(
            HubConfiguration(file: folder.appending(path: "rapport.yaml").path), mayMakeStore: true)
    }

    /// Imports customers from lines of CSV below `id,name,email,phone,city,consents`.
    @discardableResult
    func imports(_ lines: String...) async throws -> CustomerImporter.Report {
        let file = folder.appending(path: "\(UUID().uuidString).csv").path
        let text = (["id,name,email,phone,city,consents"] + lines).joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: URL(filePath: file))
        return try await hub.importer(author: "lena").run(
            file: file, rejects: CustomerImportCommand.rejects(of: file)
        ) { _, _ in }
    }

    func close() async throws {
        try await hub.store.close()
        try FileManager.default.removeItem(at: folder)
    }
}

extension Timestamp {
    init(_ text: String) throws {
        guard let instant = Timestamp(rfc3339: text) else { throw CocoaError(.formatting) }
        self = instant
    }
}
