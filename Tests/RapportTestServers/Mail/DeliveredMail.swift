import Foundation

/// A mail as Postfix wrote it into a Maildir, with the fields that delivery puts on top.
package struct DeliveredMail: Sendable {
    package let bytes: [UInt8]

    init(_ data: Data) { bytes = [UInt8](data) }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The envelope sender; empty for a DSN.
    package var returnPath: String? {
        header("Return-Path").map { $0.trimmingCharacters(in: CharacterSet(charactersIn: "<>")) }
    }

    /// The recipient it was delivered to.
    package var deliveredTo: String? { header("Delivered-To") }

    /// The first header field of a name, unfolded, its encoded words as they are.
    package func header(_ name: String) -> String? {
        let head = text.replacing("\r\n", with: "\n").prefix(upTo: "\n\n")
            .replacing("\n ", with: " ").replacing("\n\t", with: " ")
        let prefix = name.lowercased() + ":"
        return head.split(separator: "\n").first { $0.lowercased().hasPrefix(prefix) }
            .map { $0.dropFirst(prefix.count).trimmingCharacters(in: .whitespaces) }
    }
}

extension String {
    fileprivate func prefix(upTo end: String) -> Substring {
        firstRange(of: end).map { self[..<$0.lowerBound] } ?? self[...]
    }
}
