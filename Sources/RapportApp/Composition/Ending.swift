/// An end that can be waited for, once it has come or before, and also by who was cancelled.
struct Ending: Sendable {
    private let stream: AsyncStream<Never>
    private let continuation: AsyncStream<Never>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: Never.self)
    }

    func come() { continuation.finish() }

    func wait() async {
        // A task of its own, because a cancelled one would not wait.
        await Task { for await _ in stream {} }.value
    }
}
