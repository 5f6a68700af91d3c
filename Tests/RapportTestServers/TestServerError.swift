/// A test server that could not do what a test needs, with what it wrote before: the reader of a failed run has nothing else.
package struct TestServerError: Error, CustomStringConvertible {
    package let description: String

    package init(_ problem: String, log: String = "") {
        let log = log.suffix(8_000)
        description = log.isEmpty ? problem : "\(problem)\n--- what it wrote ---\n\(log)"
    }
}
