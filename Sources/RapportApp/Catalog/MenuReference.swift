import Foundation
import RapportIVR
import RapportYAML

/// A menu that an adapter answers with: the file `templates/ivr/NAME.yaml`.
struct MenuReference: Hashable, Sendable {
    let name: String
    /// Where the configuration names it.
    let place: Place

    init(_ value: YAMLValue) throws {
        name = try value.string()
        place = Place(value)
        guard !name.isEmpty, !name.contains("/"), !name.hasPrefix(".") else {
            throw value.problem("expected the name of a file in templates/ivr, without its folder and ‘.yaml’")
        }
    }

    /// - Throws: `ConfigurationError` when there is no such file, `YAMLProblem` for what is wrong in it.
    func read(templates: String, topics: [String]?) throws -> Menu {
        let file = Self.file(name, templates: templates)
        guard FileManager.default.fileExists(atPath: file) else {
            let hint = NearestWord.hint(for: name, among: Self.names(templates: templates))
            throw ConfigurationError("there is no menu \(file)\(hint)", at: place)
        }
        return try Self.read(name, templates: templates, topics: topics)
    }

    func read(_ context: BuildContext) throws -> Menu {
        try read(templates: context.templates, topics: context.topics)
    }

    static func read(_ name: String, templates: String, topics: [String]?) throws -> Menu {
        let file = file(name, templates: templates)
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw ConfigurationError("the menu can't be read, or it is not UTF-8", at: Place(file: file))
        }
        return try MenuFile.read(text, name: name, file: file, topics: topics)
    }

    /// Every menu there is, sorted.
    static func names(templates: String) -> [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: templates + "/ivr")) ?? []
        return files.filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.map { String($0.dropLast(5)) }.sorted()
    }

    private static func file(_ name: String, templates: String) -> String { "\(templates)/ivr/\(name).yaml" }
}
