import Foundation
import Glibc

/// A small file system in a mount namespace of its own, which ends with the test. Programs are run inside.
package final class OwnDisk: Sendable {
    /// Where it is mounted, for programs that run inside.
    package let path: String
    private let folder: ScratchFolder
    /// Keeps the namespace.
    private let holder: ChildProcess

    /// - Throws: when this machine lets nothing be mounted, which only root may.
    package static func mount(megabytes: Int) async throws -> OwnDisk {
        let folder = try ScratchFolder("disk")
        let path = try folder.makeFolder("mounted")
        let script = #"mount -t tmpfs -o "size=$2m" rapport-test "$1" && touch "$1/is-mounted" && exec sleep infinity"#
        let holder = try await ChildProcess.start(
            ChildCommand(
                "unshare", ["--mount", "--propagation", "private", "sh", "-c", script, "disk", path, "\(megabytes)"]),
            name: "disk", in: folder)
        let disk = OwnDisk(path: path, folder: folder, holder: holder)
        try await Eventually.true("a file system of the test's own", log: { holder.errors }) {
            guard holder.isRunning else { throw TestServerError("nothing can be mounted here", log: holder.errors) }
            return FileManager.default.fileExists(atPath: disk.outside("is-mounted"))
        }
        return disk
    }

    private init(path: String, folder: ScratchFolder, holder: ChildProcess) {
        (self.path, self.folder, self.holder) = (path, folder, holder)
    }

    /// A program that runs another one inside; it takes the place of that other one.
    package func launcher(of binary: String) async throws -> String {
        try await folder.writeScript(
            #"exec nsenter --target \#(holder.identifier) --mount -- "\#(binary)" "$@""#, to: "launch")
    }

    /// Writes until nothing fits any more.
    package func fill() throws {
        let descriptor = open(outside("filler"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw TestServerError("no filler: errno \(errno)") }
        defer { close(descriptor) }
        for size in [1 << 16, 4096, 1] {
            let block = [UInt8](repeating: 1, count: size)
            while write(descriptor, block, size) > 0 {}
        }
        guard errno == ENOSPC else { throw TestServerError("the disk is not full: errno \(errno)") }
    }

    /// Gives the room back.
    package func free() throws {
        guard unlink(outside("filler")) == 0 else { throw TestServerError("the filler stays: errno \(errno)") }
    }

    /// The same place seen from this process.
    private func outside(_ name: String) -> String { "/proc/\(holder.identifier)/root\(path)/\(name)" }
}
