/// Why the store could not do what it was asked. Messages never hold SQL values.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// Locked by another process, or too many writers are waiting.
        case busy
        /// No room on the disk.
        case full
        /// Can't be read or written: permissions, a lost file or server.
        case unavailable
        case corrupt
        /// Written by a newer version of the hub, which this one must not touch.
        case newerVersion
        /// Written by an older version, and not to be changed by whoever opened it.
        case olderVersion
        /// The store was closed while the call waited.
        case closed
        /// A rule of the schema or of the contract was broken: a fault in the hub.
        case contract
    }

    package var code: Code
    /// What was being done and what went wrong, without values.
    package var detail: String
    package var underlying: (any Error)?

    package init(_ code: Code, _ detail: String, underlying: (any Error)? = nil) {
        self.code = code
        self.detail = detail
        self.underlying = underlying
    }

    /// Whether the same call may succeed later without anybody doing anything but time or room passing.
    package var isRetryable: Bool {
        switch code {
        case .busy, .full, .unavailable: true
        case .corrupt, .newerVersion, .olderVersion, .closed, .contract: false
        }
    }

    package var description: String { "store \(code.rawValue): \(detail)" }
}
