import Foundation

/// The folder below which everything of a run is written; it goes with the run, or with the next one when that was killed.
struct BenchScratch {
    private let folder: URL
    private static let prefix = "bench-scratch-"

    /// Makes the folder, and the one that temporary files of this process go to.
    init(beside build: URL) throws {
        let manager = FileManager.default
        for name in try manager.contentsOfDirectory(atPath: build.path) where name.hasPrefix(Self.prefix) {
            guard let owner = Int32(name.dropFirst(Self.prefix.count)), kill(owner, 0) != 0 else { continue }
            try? manager.removeItem(at: build.appending(path: name))
        }
        folder = build.appending(path: "\(Self.prefix)\(getpid())")
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        setenv("TMPDIR", folder.path, 1)
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
}
