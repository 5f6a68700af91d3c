import Foundation

@testable import RapportApp

/// A copy of the examples that a test may change.
final class ExampleSetUp {
    let folder: URL

    init() throws {
        let examples = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "examples").resolvingSymlinksInPath()
        folder = FileManager.default.temporaryDirectory.appending(path: "rapport-app-\(UUID().uuidString)")
        try FileManager.default.copyItem(at: examples, to: folder)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    var path: String { folder.path }
    var file: String { folder.appending(path: "rapport.yaml").path }

    func text(_ path: String) throws -> String {
        try String(contentsOf: folder.appending(path: path), encoding: .utf8)
    }

    func write(_ text: String, to path: String) throws {
        let file = folder.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    func replace(_ found: String, by other: String, in path: String) throws {
        try write(try text(path).replacingOccurrences(of: found, with: other), to: path)
    }

    /// Puts every secret of the configuration into files of its own, so that no test depends on the environment.
    func keepSecretsInFiles() throws {
        var text = try text("rapport.yaml")
        for name in ["SECRET", "SANDBOX_SECRET", "SMS_PASSWORD", "SMS_SECRET", "SHOP_SECRET", "TWILIO_TOKEN"] {
            text = text.replacingOccurrences(of: "env:RAPPORT_\(name)", with: "file:secrets/\(name)")
            try write("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", to: "secrets/\(name)")
        }
        try write(text, to: "rapport.yaml")
    }

    /// Where a word first stands in the configuration.
    func place(of word: String) throws -> String {
        let lines = try text("rapport.yaml").split(separator: "\n", omittingEmptySubsequences: false)
        guard let index = lines.firstIndex(where: { $0.contains(word) }), let range = lines[index].range(of: word)
        else {
            return "nowhere"
        }
        return
            "rapport.yaml:\(index + 1):\(lines[index].distance(from: lines[index].startIndex, to: range.lowerBound) + 1)"
    }

    func configuration() throws -> HubConfiguration { try HubConfiguration(file: file) }
    func check() throws -> [String] { ConfigurationCheck(try configuration()).problems.map(inFolder) }

    /// A problem without the folder's own name.
    private func inFolder(_ problem: ConfigurationError) -> String {
        problem.description.replacingOccurrences(of: folder.path + "/", with: "")
    }
}
