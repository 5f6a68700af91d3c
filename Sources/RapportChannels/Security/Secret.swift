/// A password, token or key. Its value has to be asked for by name, so that it can't slip into a log line.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible {
    package let value: String

    package init(_ value: String) {
        self.value = value
    }

    package var bytes: [UInt8] { Array(value.utf8) }
    package var description: String { "(secret)" }
    package var debugDescription: String { description }
}
