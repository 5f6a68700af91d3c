package import Foundation
import Glibc

/// A fresh folder below the system's temporary folder, removed when the last reference goes.
///
/// `RAPPORT_KEEP_SCRATCH=1` keeps it, and its name is printed, so that a failed run can be looked into.
package final class ScratchFolder: Sendable {
    package let url: URL

    package init(_ name: String = "test") throws {
        let parent = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        var template = Array("\(parent)/rapport-\(name)-XXXXXX".utf8CString)
        guard let path = mkdtemp(&template) else {
            throw TestServerError("no scratch folder in \(parent): errno \(errno)")
        }
        url = URL(filePath: String(cString: path), directoryHint: .isDirectory)
        // Servers that give up root must still be able to walk through.
        chmod(url.path, 0o755)
    }

    /// The folder itself, without a slash at its end.
    package var root: String { url.path.hasSuffix("/") ? String(url.path.dropLast()) : url.path }

    /// A path inside, whether or not anything is there.
    package func path(_ relative: String) -> String { url.appending(path: relative).path }

    /// Writes a file inside, making the folders on the way.
    @discardableResult
    package func write(_ text: String, to relative: String) throws -> String {
        try write(Data(text.utf8), to: relative)
    }

    /// Writes a file inside, making the folders on the way.
    @discardableResult
    package func write(_ data: Data, to relative: String) throws -> String {
        let file = url.appending(path: relative)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: file)
        return file.path
    }

    /// Writes a script inside that can be run at once.
    ///
    /// By the thread that starts children: one that is started while the file is open for writing holds it open, too, until
    /// it becomes its own program, and the kernel does not run what is open for writing (`ETXTBSY`).
    package func writeScript(_ text: String, to relative: String) async throws -> String {
        try await SpawnThread.shared.run { [self] in
            let file = try write("#!/bin/sh\n\(text)\n", to: relative)
            guard chmod(file, 0o755) == 0 else { throw TestServerError("\(file) cannot be run: errno \(errno)") }
            return file
        }
    }

    /// Makes a folder inside.
    @discardableResult
    package func makeFolder(_ relative: String) throws -> String {
        let folder = url.appending(path: relative)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder.path
    }

    /// The end of a file as text, or nothing while it does not exist.
    package func text(of relative: String, last limit: Int = 1 << 20) -> String {
        TailOfFile.text(path(relative), last: limit)
    }

    deinit {
        if ProcessInfo.processInfo.environment["RAPPORT_KEEP_SCRATCH"] != nil {
            print("kept \(url.path)")
        } else {
            try? FileManager.default.removeItem(at: url)
        }
    }
}
