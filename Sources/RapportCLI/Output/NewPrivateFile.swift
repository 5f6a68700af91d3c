import Foundation

/// A new file that only its owner can read, and that has its name only when it is whole.
enum NewPrivateFile {
    /// Writes it under another name beside it first. A file that exists is never written over, and what fails leaves none.
    static func write(_ path: String, _ body: (FileHandle) async throws -> Void) async throws {
        guard !FileManager.default.fileExists(atPath: path) else { throw NewFileError(path: path, exists: true) }
        let partial = path + ".\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString.prefix(8)).partial"
        let descriptor = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let reason = errno
            throw NewFileError(
                path: path, exists: false, reason: String(cString: strerror(reason)).lowercased())
        }
        // Nothing is left to remove where it was given its name.
        defer { try? FileManager.default.removeItem(atPath: partial) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try await body(file)
        try file.synchronize()
        try file.close()
        try name(partial, path)
    }

    private static func name(_ partial: String, _ path: String) throws {
        do {
            // Unlike renaming, linking fails when the name was taken in the meantime.
            try FileManager.default.linkItem(atPath: partial, toPath: path)
        } catch {
            guard !FileManager.default.fileExists(atPath: path) else { throw NewFileError(path: path, exists: true) }
            // Not every file system links.
            try FileManager.default.moveItem(atPath: partial, toPath: path)
        }
    }
}

/// Why something has nowhere to go.
struct NewFileError: Error, CustomStringConvertible {
    var path: String
    var exists: Bool
    /// What the system says of it, where it says anything.
    var reason: String?

    var description: String {
        exists ? "\(path) exists already" : "\(path) can't be made" + (reason.map { ": \($0)" } ?? "")
    }
}
