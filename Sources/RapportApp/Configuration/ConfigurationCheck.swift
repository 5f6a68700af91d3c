import Foundation
import RapportCore
import RapportHub
package import RapportPolicy
import RapportYAML

/// Looks at everything that a configuration names, without opening the store or starting anything: the policy, secrets,
/// menus, every campaign.
package struct ConfigurationCheck: Sendable {
    /// Each with its place, in the order in which they were found.
    package private(set) var problems: [ConfigurationError] = []
    /// `nil` when it was refused.
    package private(set) var policy: ContactPolicy?
    /// Names of the policy's; `nil` without one.
    package var topics: [String]? { policy?.topics.map(\.name) }
    /// Names of those without a problem.
    package private(set) var campaigns: [String] = []
    package private(set) var menus: [String] = []

    package init(_ configuration: HubConfiguration) {
        do throws(PolicyFileError) {
            policy = try ContactPolicy(contentsOf: configuration.policyFile)
        } catch {
            note(error, at: Place(file: configuration.policyFile))
        }
        attempt { _ = try configuration.ownSecret() }
        let topics = topics
        for entry in configuration.adapters {
            for error in entry.settings.check(templates: configuration.templates, topics: topics) {
                note(error, at: entry.place)
            }
        }
        if let topic = configuration.answers.topic, let topics, !topics.contains(topic) {
            let hint = NearestWord.hint(for: topic, among: topics)
            note(
                ConfigurationError("the contact policy has no topic ‘\(topic)’\(hint)", at: configuration.answers.place)
            )
        }
        checkTemplates(configuration, topics: topics)
    }

    private mutating func checkTemplates(_ configuration: HubConfiguration, topics: [String]?) {
        let templates = configuration.templates
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: templates, isDirectory: &isFolder), isFolder.boolValue else {
            note(ConfigurationError("there is no such folder of templates", at: Place(file: templates)))
            return
        }
        // What can't be listed is not empty.
        for folder in ["ivr", "campaigns"].map({ "\(templates)/\($0)" }) {
            guard FileManager.default.fileExists(atPath: folder),
                (try? FileManager.default.contentsOfDirectory(atPath: folder)) == nil
            else { continue }
            note(ConfigurationError("the folder can't be listed", at: Place(file: folder)))
        }
        for name in MenuReference.names(templates: templates) {
            let isGood = attempt(at: Place(file: "\(templates)/ivr/\(name).yaml")) {
                _ = try MenuReference.read(name, templates: templates, topics: topics)
            }
            if isGood { menus.append(name) }
        }
        for name in CampaignFolder.names(below: templates) {
            let folder = CampaignFolder(path: "\(templates)/campaigns/\(name)")
            let found = CampaignCheck.problems(of: folder, routes: configuration.routes, topics: topics)
            for error in found { note(error, at: Place(file: "\(folder.path)/campaign.yaml")) }
            if found.isEmpty { campaigns.append(name) }
        }
    }

    /// - Returns: whether nothing was thrown.
    @discardableResult
    private mutating func attempt(at place: Place? = nil, _ step: () throws -> Void) -> Bool {
        do {
            try step()
            return true
        } catch {
            note(error, at: place)
            return false
        }
    }

    private mutating func note(_ error: any Error, at place: Place? = nil) {
        for problem in Self.problems(of: error, at: place) where !problems.contains(problem) {
            problems.append(problem)
        }
    }

    /// What an error says, with the place that it names, or else the one given.
    package static func problems(of error: any Error, at place: Place? = nil) -> [ConfigurationError] {
        switch error {
        case let error as ConfigurationError:
            [ConfigurationError(error.message, at: error.place ?? place)]
        case let error as YAMLProblem:
            [ConfigurationError(error.message, at: Place(file: error.file, line: error.line, column: error.column))]
        case let error as PolicyFileError:
            error.problems.map { problem in
                let hint = problem.nearest.map { "; did you mean \($0)?" } ?? ""
                let path = problem.path.isEmpty ? "" : problem.path + ": "
                let file = error.file ?? place?.file ?? "policy"
                return ConfigurationError(
                    path + problem.message + hint,
                    at: problem.line == 0
                        ? Place(file: file) : Place(file: file, line: problem.line, column: problem.column))
            }
        default:
            [ConfigurationError("\(error)", at: place)]
        }
    }
}
