/// A signature scheme was configured in a way that can't work. Holds no secret.
package struct SignatureSettingError: Error, Hashable, Sendable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}
