import Foundation

/// How long the fault tests go on, and the seed of everything they leave to chance.
///
/// `make test` runs the short form; `make test-faults` sets `RAPPORT_FAULTS=long`. `RAPPORT_SEED` repeats a run: every
/// test takes its own generator from the seed and its own name, so that one test alone repeats too.
enum FaultRun {
    static let isLong = ProcessInfo.processInfo.environment["RAPPORT_FAULTS"] == "long"

    static let seed: UInt64 = {
        let given = ProcessInfo.processInfo.environment["RAPPORT_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 1...999_999_999)
        print("fault tests: RAPPORT_SEED=\(seed)")
        return seed
    }()

    /// A generator of its own for each test, named so that adding a test changes no other.
    static func generator(_ name: String) -> SeededGenerator {
        SeededGenerator(state: name.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    }
}
