/// Waiting for another process, which can only be asked again: always bounded, and a timeout shows the other side's log.
package enum Eventually {
    /// Asks until an answer comes; throws `TestServerError` when none has come after `limit`.
    package static func value<Value>(
        _ what: String, within limit: Duration = .seconds(30), log: () -> String = { "" },
        _ ask: () async throws -> Value?
    ) async throws -> Value {
        let clock = ContinuousClock()
        let deadline = clock.now.advanced(by: limit)
        var pause = Duration.milliseconds(5)
        while true {
            if let value = try await ask() { return value }
            guard clock.now < deadline else {
                throw TestServerError("waited \(limit) for \(what), in vain", log: log())
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(100))
        }
    }

    /// Asks until the answer is yes.
    package static func `true`(
        _ what: String, within limit: Duration = .seconds(30), log: () -> String = { "" },
        _ ask: () async throws -> Bool
    ) async throws {
        _ = try await value(what, within: limit, log: log) { try await ask() ? () : nil }
    }
}
