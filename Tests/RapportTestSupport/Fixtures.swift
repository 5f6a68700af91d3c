package import Foundation
import Testing

/// Recorded provider payloads and mails, kept beside the repository in `../shared/fixtures`.
package enum Fixtures {
    /// The folder, when this machine has it.
    package static let folder: URL? = {
        let repository = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let candidates = [
            ProcessInfo.processInfo.environment["RAPPORT_FIXTURES"].map { URL(filePath: $0) },
            repository.deletingLastPathComponent().appending(path: "shared/fixtures"),
        ]
        return candidates.compactMap { $0 }.first {
            FileManager.default.fileExists(atPath: $0.appending(path: "index.json").path)
        }
    }()

    /// For `.enabled(if:)`: tests say that they need the fixtures instead of passing without them.
    package static var isPresent: Bool { folder != nil }

    /// The bytes of a fixture, such as `email/raw/dsn/lhost-postfix-01.eml`.
    package static func bytes(_ path: String) throws -> [UInt8] {
        let folder = try #require(folder, "no fixtures: expected them in ../shared/fixtures")
        return [UInt8](try Data(contentsOf: folder.appending(path: path)))
    }

    /// What is expected of a fixture, from the `.meta.json` beside it.
    package static func meta(_ path: String) throws -> [String: Any] {
        let data = Data(try bytes(path + ".meta.json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// The fixtures below a folder, such as `sms/kannel`, without their metadata, sorted.
    package static func list(_ path: String) throws -> [String] {
        let folder = try #require(folder, "no fixtures: expected them in ../shared/fixtures")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: path).path)
        return names.filter { !$0.hasSuffix(".meta.json") }.sorted().map { "\(path)/\($0)" }
    }
}
