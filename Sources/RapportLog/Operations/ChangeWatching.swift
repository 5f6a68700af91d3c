/// Spares those who look for work now and then from looking where nothing has changed.
package protocol ChangeWatching: Sendable {
    /// Another number than before when anything was committed in between, by this process or by another; it may be another
    /// without that. `nil` when it can't be told: then everything may have changed.
    ///
    /// It costs microseconds and waits for nobody, so that a loop may ask every second.
    func version() -> Int64?
}
