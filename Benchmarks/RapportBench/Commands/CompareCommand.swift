import ArgumentParser
import Foundation

/// For changes that the noise of rounds in turn would hide.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Tell what a webhook or a message costs this build and another one, run at the same time.",
        discussion: """
            Both get the same webhooks, or send the same campaign, in the same seconds, so that what else the machine \
            does meets both alike: processor time can be compared to about a hundredth, that of campaigns to two or \
            three. The rates are those of two hubs that share the machine.
            """)

    @Argument(help: "The other build: a rapport binary, made before the change.")
    var before: String

    @OptionGroup var options: MeasuringOptions

    @Option(help: "full, or small: over in seconds.")
    var scale = Scale.full

    @Flag(help: "Begin with the log of years, as the growth row does; webhooks only.")
    var large = false

    @Flag(help: "Let both send a campaign, each to a sink of its own, instead of taking webhooks.")
    var campaign = false

    func validate() throws {
        guard FileManager.default.isExecutableFile(atPath: before) else {
            throw ValidationError("‘\(before)’ is no program")
        }
        guard !(campaign && large) else { throw ValidationError("--large is for webhooks") }
    }

    func run() async throws {
        let results = try await options.measuring(scale) { bench in
            try await SideBySide(bench: bench, before: MeasuringOptions.absolute(before), after: bench.binary)
                .measure(campaign ? .campaign : .webhooks(large: large))
        }
        let (old, new) = (Self.median(results.map(\.before)), Self.median(results.map(\.after)))
        let (one, many) = campaign ? ("a message", "messages") : ("an event", "events")
        for (name, result) in [("before", old), ("after", new)] {
            print(
                name.padding(toLength: 8, withPad: " ", startingAt: 0)
                    + String(
                        format: "%.1f µs of processor time \(one), %.0f \(many)/s", result.processor, result.perSecond))
        }
        let ratios = results.map { $0.after.processor / $0.before.processor }
        print(
            String(
                format: "ratio   %.3f (%.3f to %.3f in %d rounds)", Statistics.median(ratios), ratios.min() ?? 0,
                ratios.max() ?? 0, ratios.count))
    }

    private static func median(_ results: [SideBySide.Result]) -> SideBySide.Result {
        SideBySide.Result(
            processor: Statistics.median(results.map(\.processor)),
            perSecond: Statistics.median(results.map(\.perSecond)))
    }
}
