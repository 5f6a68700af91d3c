import Foundation
import Glibc

/// `posix_spawn` into a new session, with no file descriptor of ours but the three standard ones.
enum Spawning {
    struct Started: Sendable {
        let identifier: pid_t
        /// Our end of the pipe to its standard input, or -1.
        let input: Int32
    }

    static func spawn(_ command: ChildCommand, out: String, err: String) throws -> Started {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }

        var pipe: [Int32] = [-1, -1]
        switch command.input {
        case .pipe:
            guard Glibc.pipe(&pipe) == 0 else { throw TestServerError("no pipe: errno \(errno)") }
            // Our end is closed in the child; only this thread starts children, so none gets it in between.
            _ = fcntl(pipe[1], F_SETFD, FD_CLOEXEC)
            posix_spawn_file_actions_adddup2(&actions, pipe[0], 0)
        case .nothing:
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        case .file(let path):
            posix_spawn_file_actions_addopen(&actions, 0, path, O_RDONLY, 0)
        }
        defer { if pipe[0] >= 0 { close(pipe[0]) } }
        let create = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 1, out, create, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, err, create, 0o644)
        // Closing one that is gone by then is no error (glibc), so a list of before is good enough.
        for descriptor in openDescriptors() where descriptor > 2 {
            posix_spawn_file_actions_addclose(&actions, descriptor)
        }

        // Whatever the test runner ignores or blocks must not be inherited by servers that rely on their signals.
        var everything = sigset_t()
        sigfillset(&everything)
        var nothing = sigset_t()
        sigemptyset(&nothing)
        posix_spawnattr_setsigdefault(&attributes, &everything)
        posix_spawnattr_setsigmask(&attributes, &nothing)
        let setSession: Int32 = 0x80
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(setSession))

        var identifier: pid_t = 0
        let status = withStringVector(command.argumentVector) { arguments in
            withStringVector(command.environmentVector) { environment in
                posix_spawnp(&identifier, "setpriv", &actions, &attributes, arguments, environment)
            }
        }
        guard status == 0 else {
            if pipe[1] >= 0 { close(pipe[1]) }
            throw TestServerError("cannot start \(command.executable): errno \(status)")
        }
        return Started(identifier: identifier, input: pipe[1])
    }

    private static func openDescriptors() -> [Int32] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        return names.compactMap { Int32($0) }
    }

    private static func withStringVector<Value>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Value
    ) -> Value {
        var vector = strings.map { strdup($0) }
        vector.append(nil)
        defer { vector.forEach { free($0) } }
        return body(vector)
    }
}
