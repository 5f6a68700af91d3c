/// Why a file of customers or of their addresses can't be read at all.
package struct ImportFileError: Error, Hashable, Sendable, CustomStringConvertible {
    package var file: String
    package var message: String
    package var description: String { "\(file): \(message)" }
}
