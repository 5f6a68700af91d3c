import ArgumentParser
import RapportApp
import RapportLog

struct RebuildCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rebuild", abstract: "Make customers, consents and states again from the log, or compare them.",
        discussion: """
            The log is the truth; customers, their conflicts, consents, suppressions, follow-ups and delivery states are \
            what follows from it. With --verify the log is followed once more beside them and every difference is \
            printed; nothing changes. \
            Without it they are replaced by what the log says, in one transaction: a run that is cut off changes nothing. \
            Both work while the hub runs; a rebuild makes its writers wait.

            Exit codes: 0 done, no difference; 1 --verify found differences; 2 could not be done.

            Examples:
              rapport rebuild --verify
              rapport backup before.db && rapport rebuild
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Only compare, and print what differs.")
    var verify = false

    func run() async throws {
        try await Failure.told {
            let isSame = try await store.withHub { hub in
                if verify { return try await compare(hub) }
                try await rebuild(hub)
                return true
            }
            if !isSame { throw ExitCode(1) }
        }
    }

    private func compare(_ hub: HubContext) async throws -> Bool {
        let bar = ProgressBar("comparing")
        let differences = try await hub.store.verifyProjections { bar.show(Int($0), of: Int($1)) }
        bar.finish()
        let position = try await hub.store.lastPosition()
        for difference in differences {
            if output.json {
                JSONLine.show(Self.fields(difference))
            } else {
                Terminal.line(Style.red("\(difference.table) \(PlainText.line(difference.key))"))
                Terminal.line("    is          \(difference.found.map(PlainText.line) ?? "missing")")
                Terminal.line("    by the log  \(difference.expected.map(PlainText.line) ?? "should not be there")")
            }
        }
        if differences.isEmpty {
            if !output.json { Terminal.line("\(Style.green("same"))  as the log says, up to i\(position)") }
        } else {
            let count = differences.count >= 1000 ? "1000 or more" : "\(differences.count)"
            let noun = differences.count == 1 ? "difference" : "differences"
            Terminal.error("rapport: \(count) \(noun); ‘rapport rebuild’ puts the log's word in their place")
        }
        return differences.isEmpty
    }

    private func rebuild(_ hub: HubContext) async throws {
        let bar = ProgressBar("rebuilding")
        try await hub.store.rebuildProjections { bar.show(Int($0), of: Int($1)) }
        bar.finish()
        let position = try await hub.store.lastPosition()
        if output.json {
            JSONLine.show([("rebuilt", true), ("position", .number(Int(position)))])
        } else {
            Terminal.line("rebuilt from the log, up to i\(position)")
        }
    }

    private static func fields(_ difference: ProjectionDifference) -> [(String, JSONField)] {
        [
            ("table", .text(difference.table)), ("key", .text(difference.key)),
            ("found", JSONField(difference.found)), ("expected", JSONField(difference.expected)),
        ]
    }
}
