import NIOCore

/// Whether nothing is asked on a connection, and since when.
final class Silence {
    private var start: NIODeadline? = .now()

    /// A call or a request has come.
    func end() { start = nil }

    /// It is answered.
    func begin() { start = .now() }

    /// Now, where something is asked.
    var since: NIODeadline { start ?? .now() }
}
