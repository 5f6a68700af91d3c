import Foundation
import Synchronization

/// The time zones that this machine knows, by IANA name (`Asia/Shanghai`), each read once.
///
/// The first use of a zone reads a small file; after that it is memory. Zone files are taken not to change while the
/// hub runs, so that the same question keeps its answer.
package final class ZoneDatabase: Sendable {
    /// The machine's own: `TZDIR`, else `/usr/share/zoneinfo`, else `/usr/lib/zoneinfo`.
    package static let system = ZoneDatabase(folders: systemFolders)

    /// What is known of a name; `zone` is `nil` for a name that has no zone.
    private struct Entry {
        var zone: Zone?
    }

    /// Names come from customers' records: remembering the wrong ones must not fill the memory.
    private static let maximumEntries = 4096

    private let folders: [String]
    private let entries = Mutex<[String: Entry]>([:])

    /// - Parameter folders: where compiled zones are looked for, in order.
    package init(folders: [String]) {
        self.folders = folders
    }

    private static var systemFolders: [String] {
        let own = ProcessInfo.processInfo.environment["TZDIR"].map { [$0] } ?? []
        return own.filter { !$0.isEmpty } + ["/usr/share/zoneinfo", "/usr/lib/zoneinfo"]
    }

    /// The zone of an IANA name; `nil` when there is none, or its file is damaged or counts leap seconds.
    package func zone(named name: String) -> Zone? {
        if let entry = entries.withLock({ $0[name] }) { return entry.zone }
        let zone = read(name)
        return entries.withLock { entries in
            if let entry = entries[name] { return entry.zone }
            if entries.count < ZoneDatabase.maximumEntries { entries[name] = Entry(zone: zone) }
            return zone
        }
    }

    /// Every name there is a zone for, sorted; walks through the folders, so only for telling what would be right.
    package func names() -> [String] {
        var names: Set<String> = []
        for folder in folders {
            let paths = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
            names.formUnion(paths.filter { ZoneDatabase.isName($0) && $0.first?.isUppercase == true })
        }
        // The parts of the world are folders.
        let parents = names.compactMap { name in name.lastIndex(of: "/").map { String(name[..<$0]) } }
        return names.subtracting(parents).sorted()
    }

    private func read(_ name: String) -> Zone? {
        guard ZoneDatabase.isName(name) else { return nil }
        for folder in folders {
            guard let data = FileManager.default.contents(atPath: folder + "/" + name) else { continue }
            return try? ZoneFile.zone(named: name, bytes: [UInt8](data))
        }
        return nil
    }

    /// Keeps a name inside its folder: words of letters, digits, `-`, `+` and `_` between slashes, without dots.
    ///
    /// `localtime` and `posixrules` mean something else on each machine, and zones under `right/` count leap seconds.
    private static func isName(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard name.utf8.count <= 64, parts.count <= 3, name != "localtime", name != "posixrules",
            !name.hasPrefix("right/"), !name.hasPrefix("posix/")
        else { return false }
        return parts.allSatisfy { part in
            !part.isEmpty
                && part.allSatisfy { byte in
                    (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                        || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "_")
                }
        }
    }
}
