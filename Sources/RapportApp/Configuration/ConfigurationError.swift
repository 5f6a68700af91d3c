/// What is wrong with the set-up, in one sentence, and where it can be put right.
package struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
    package var place: Place?
    package var message: String

    package init(_ message: String, at place: Place? = nil) {
        self.message = message
        self.place = place
    }

    /// `rapport.yaml:12:5: the environment variable SHOP_SECRET is not set`
    package var description: String { place.map { "\($0): \(message)" } ?? message }
}
