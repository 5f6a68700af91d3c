import Foundation
import Glibc

/// What this machine has of what the tests with real servers need.
package enum Machine {
    /// In CI nothing may be missing: there the tests run, and fail, where elsewhere they would be left out.
    package static var isCI: Bool {
        let value = ProcessInfo.processInfo.environment["CI"] ?? ""
        return !["", "0", "false"].contains(value)
    }

    static var isRoot: Bool { geteuid() == 0 }

    /// For `.enabled(if:)` of tests that start Postfix, whose master process must be root's.
    package static var hasPostfix: Bool {
        isCI || (isRoot && isInstalled(PostfixServer.masterPath))
    }

    /// For `.enabled(if:)` of tests that start Kannel.
    package static var hasKannel: Bool {
        isCI || (isInstalled(KannelServer.bearerboxPath) && isInstalled(KannelServer.fakeSMSCPath))
    }

    /// For `.enabled(if:)` of tests that mount a file system of their own.
    package static var canMount: Bool { isCI || isRoot }

    package static func isInstalled(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: path) }
}
