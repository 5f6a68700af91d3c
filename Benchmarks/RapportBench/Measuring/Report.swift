import Foundation

/// Everything that one run has measured.
struct Report: Codable {
    var machine: Machine
    var date: String
    var scale: Scale
    var rounds: Int
    var lines: [Line] = []

    init(scale: Scale, rounds: Int) {
        machine = Machine()
        date = Date().formatted(.iso8601)
        self.scale = scale
        self.rounds = rounds
    }

    static func read(_ path: String) throws -> Report {
        try JSONDecoder().decode(Report.self, from: Data(contentsOf: URL(filePath: path)))
    }

    func write(_ path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try (encoder.encode(self) + Data("\n".utf8)).write(to: URL(filePath: path), options: .atomic)
    }
}

/// How much work a row does: a whole measurement, or one that is over in minutes and shows the same ratios roughly.
enum Scale: String, Codable, CaseIterable {
    case small
    case full

    func callAsFunction(small: Int, full: Int) -> Int { self == .small ? small : full }
}
