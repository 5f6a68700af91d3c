import Foundation

extension [UInt8] {
    /// RFC 4648, section 4, with padding.
    package var base64: String { Data(self).base64EncodedString() }
}
