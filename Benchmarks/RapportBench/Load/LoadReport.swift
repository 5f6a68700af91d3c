/// What a load of requests came to.
struct LoadReport: Sendable {
    /// From the first request to the last answer.
    var seconds = 0.0
    /// Answers with a status of 2xx.
    var answered = 0
    /// Other answers, by status; 0 for a connection that ended before its answer.
    var failures: [Int: Int] = [:]
    /// From sending a request to the end of its answer, of those that were answered with 2xx.
    var microseconds: [UInt32] = []

    var perSecond: Double { Double(answered) / max(seconds, 1e-9) }
    var failed: Int { failures.values.reduce(0, +) }

    /// In milliseconds.
    func percentile(_ share: Double) -> Double {
        Statistics.percentile(microseconds.map { Double($0) / 1000 }, share)
    }
}
