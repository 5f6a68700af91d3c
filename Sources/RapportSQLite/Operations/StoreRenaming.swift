import Foundation

/// Gives stores other names, and gives them back those they had. Overwrites nothing.
///
/// A kill between two steps leaves a store whole under one of its names: its write-ahead log has both names while the file
/// takes the new one.
struct StoreRenaming {
    enum Step: Equatable {
        case link(String, to: String)
        case move(String, to: String)
        /// Removes one of the two names of what is linked.
        case unlink(String, linkedAs: String)

        func carryOut() throws {
            switch self {
            case .link(let file, let name): try FileManager.default.linkItem(atPath: file, toPath: name)
            case .move(let file, let name): try FileManager.default.moveItem(atPath: file, toPath: name)
            case .unlink(let name, _): try FileManager.default.removeItem(atPath: name)
            }
        }

        var opposite: Step {
            switch self {
            case .link(let file, let name): .unlink(name, linkedAs: file)
            case .move(let file, let name): .move(name, to: file)
            case .unlink(let name, let file): .link(file, to: name)
            }
        }
    }

    private var done: [Step] = []

    static func steps(from store: StoreFiles, to other: StoreFiles) -> [Step] {
        let move = Step.move(store.path, to: other.path)
        let files = FileManager.default
        return switch (files.fileExists(atPath: store.path), files.fileExists(atPath: store.log)) {
        case (false, false): []
        case (true, false): [move]
        case (false, true): [.move(store.log, to: other.log)]
        case (true, true): [.link(store.log, to: other.log), move, .unlink(store.log, linkedAs: other.log)]
        }
    }

    mutating func rename(_ store: StoreFiles, to other: StoreFiles) throws {
        try Self.finish(store)
        for step in Self.steps(from: store, to: other) {
            try step.carryOut()
            done.append(step)
        }
        let files = FileManager.default
        if files.fileExists(atPath: store.index) { try files.removeItem(atPath: store.index) }
        try PrivateFile.synchronizeFolder(of: store.path)
    }

    /// Ends a renaming that was cut off before its last step.
    private static func finish(_ store: StoreFiles) throws {
        let files = FileManager.default
        guard !files.fileExists(atPath: store.path), files.fileExists(atPath: store.log) else { return }
        let names = try files.attributesOfItem(atPath: store.log)[.referenceCount] as? Int
        if let names, names > 1 { try files.removeItem(atPath: store.log) }
    }

    func takeBack() throws {
        for step in done.reversed() { try step.opposite.carryOut() }
    }
}
