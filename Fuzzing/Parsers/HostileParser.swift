/// One parser that meets bytes from outside, wrapped so that any bytes can be thrown at it.
///
/// A parser may refuse whatever it likes. It must not crash, hang, grow, or break one of the promises that its wrapper
/// checks.
package struct HostileParser: Sendable {
    /// As `scripts/fuzz` is told.
    package let name: String
    /// Small valid inputs: what mutations start from.
    package let samples: [[UInt8]]
    /// Words that a mutation puts in: what the parser looks for.
    package let words: [String]
    /// Files and folders below the shared folder beside the repository that make further samples.
    package let corpus: [String]
    /// Put before each of those.
    package let prefix: [UInt8]
    /// Bytes that are worth trying: beyond it the parser refuses, or nothing new happens.
    package let sizeLimit: Int
    private let body: @Sendable ([UInt8]) async throws(BrokenPromise) -> Void

    package init(
        _ name: String, samples: [String], words: [String] = [], corpus: [String] = [], prefix: String = "",
        sizeLimit: Int = 4096,
        _ body: @escaping @Sendable ([UInt8]) async throws(BrokenPromise) -> Void
    ) {
        self.name = name
        self.samples = samples.map { Array($0.utf8) }
        self.words = words
        self.corpus = corpus
        self.prefix = Array(prefix.utf8)
        self.sizeLimit = sizeLimit
        self.body = body
    }

    /// - Throws: `BrokenPromise` when what was read is not what the parser promises.
    package func run(_ bytes: [UInt8]) async throws(BrokenPromise) {
        try await body(bytes)
    }

    package static let all = mail + transport + web + signatures + providers + files + writing
}

/// A parser returned something that it must not.
package struct BrokenPromise: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}
