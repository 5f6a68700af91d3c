import RapportApp
import RapportHub
import RapportLog
import RapportPolicy
import RapportYAML

/// A campaign of the configuration's templates: its folder and what stands there.
struct CampaignSource {
    var definition: CampaignDefinition
    /// For the audience's CSV.
    var folder: String

    var key: CampaignKey { CampaignKey(name: definition.name, occurrence: definition.occurrence) }

    /// - Parameters:
    ///   - text: `newsletter`, or `newsletter@2026-03` as its run is called.
    ///   - occurrence: instead of the one in the folder.
    /// - Throws: `CampaignNameError` when there is no such folder, `YAMLProblem` when it can't be read.
    init(name text: String, occurrence: String?, templates: String) throws {
        let names = CampaignFolder.names(below: templates)
        let key = names.contains(text) ? CampaignKey(name: text) : CampaignRuns.key(text)
        let (name, occurrence) = (key.name, occurrence ?? key.occurrence)
        guard names.contains(name) else {
            throw CampaignNameError.noFolder(
                name, templates: templates, nearest: CampaignNameError.nearest(to: name, in: names))
        }
        folder = "\(templates)/campaigns/\(name)"
        definition = try CampaignFolder(path: folder).load()
        if let occurrence { definition.occurrence = occurrence }
    }

    /// Looks for what would keep it from being sent, as ‘rapport config check’ does.
    ///
    /// - Throws: `CampaignProblems` with all of it; `PolicyFileError`.
    func check(_ hub: HubContext) throws {
        let found = CampaignCheck.problems(
            of: CampaignFolder(path: folder), routes: hub.configuration.routes,
            topics: try hub.policy.current.topics.map(\.name))
        guard !found.isEmpty else { return }
        let place = Place(file: "\(folder)/campaign.yaml")
        throw CampaignProblems(all: found.flatMap { ConfigurationCheck.problems(of: $0, at: place) })
    }
}

/// Everything that is wrong with a campaign's folder, each with its place.
struct CampaignProblems: Error, CustomStringConvertible {
    var all: [ConfigurationError]

    var description: String { all.map(\.description).joined(separator: "\n") }
}

/// Why a word names no campaign. Sentences for people.
enum CampaignNameError: Error, CustomStringConvertible {
    case noFolder(String, templates: String, nearest: String?)
    case neverSent(CampaignKey)
    case severalRuns(String, [CampaignKey])
    case unknown(CampaignKey, nearest: String?)

    var description: String {
        switch self {
        case .noFolder(let name, let templates, let nearest):
            "there is no campaign ‘\(PlainText.line(name))’ below \(templates)/campaigns" + Self.hint(nearest)
        case .neverSent(let key): "the campaign ‘\(PlainText.line("\(key)"))’ was never sent"
        case .severalRuns(let name, let runs):
            "‘\(PlainText.line(name))’ ran more than once; name one run: "
                + runs.prefix(20).map { PlainText.line($0.description) }.joined(separator: ", ")
        case .unknown(let key, let nearest):
            "there is no campaign ‘\(PlainText.line("\(key)"))’" + Self.hint(nearest)
        }
    }

    /// What was probably meant: a word with few slips, or one that begins so.
    static func nearest(to word: String, in valid: [String]) -> String? {
        NearestWord.nearest(to: word, in: valid) ?? valid.first { !word.isEmpty && $0.hasPrefix(word) }
    }

    private static func hint(_ nearest: String?) -> String {
        nearest.map { "; did you mean ‘\($0)’?" } ?? ""
    }
}
