/// Why an inbound request is refused before anything is stored. Counted by `code`.
package struct InboundRejection: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// 401, with no detail that would help a forger.
        case signature
        /// 401: the signature holds, but its time is too far from ours.
        case stale
        /// 400.
        case malformed
        /// 405.
        case method
        /// 413.
        case tooLarge = "too-large"
        /// 404: no such path below the adapter.
        case path
    }

    package var code: Code
    /// For `malformed`: the place (`$.events[3].id`, `line 4, column 9`) and what was expected there; never the content.
    package var detail: String

    package init(_ code: Code, _ detail: String = "") {
        self.code = code
        self.detail = detail
    }

    package var description: String { detail.isEmpty ? code.rawValue : "\(code.rawValue): \(detail)" }
}
