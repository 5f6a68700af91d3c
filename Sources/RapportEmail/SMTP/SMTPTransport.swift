package import Logging
package import NIOCore
import NIOPosix
package import RapportChannels

/// Sends messages to one relay over a pool of connections.
package struct SMTPTransport: ChannelService {
    package let name: String
    private let pool: SMTPPool
    /// Of composed messages that are in the line or under way.
    private let composed = ByteGate(limit: 16 << 20)

    /// Opens nothing yet; connections come with the first messages.
    ///
    /// - Throws: `.configuration` when TLS can't be set up.
    package init(
        name: String, _ configuration: SMTPConfiguration,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton, logger: Logger
    ) throws(SendError) {
        self.name = name
        pool = try SMTPPool(configuration, group: group, logger: logger)
    }

    /// Sends one message and returns when the relay has taken responsibility for it.
    ///
    /// A message may be tried a second time, on a new connection, when a connection that had carried others ended
    /// before the server answered anything about this one; never once its final dot may have left. Cancelling the task
    /// takes the message out of the line; one that is under way runs its course.
    /// - Throws: `.uncertain` when the line broke or time ran out after the final dot left and before its answer.
    package func send(_ envelope: SMTPEnvelope) async throws(SendError) -> Receipt {
        let content = try SMTPContent(envelope.message)
        let transaction = try SMTPTransaction(envelope, content: content)
        let ids = pool.makeIDs(1)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let job = SMTPJob(id: ids.lowerBound, transaction: transaction, content: content.buffer) {
                    continuation.resume(returning: $0)
                }
                pool.enqueue(job)
                // The handler below may have run before there was anything to withdraw.
                if Task.isCancelled { pool.withdraw(ids) }
            }
        } onCancel: {
            pool.withdraw(ids)
        }
        return try result.get()
    }

    /// Sends many messages and returns when the fate of each is known; for each the same holds as for one sent alone.
    ///
    /// One task waits for all of them: to wake one for each costs more than to send it. A message is made only when there
    /// is room for it, because hundreds with a brochure of megabytes in each fill a machine's memory.
    /// - Parameters:
    ///   - envelope: makes the message of an index; what it throws is that message's fate.
    ///   - done: is called once for each index, in any order and on any thread, and must return soon.
    package func send(
        _ count: Int, envelope: (Int) throws(SendError) -> SMTPEnvelope,
        done: @escaping @Sendable (Int, Result<Receipt, SendError>) -> Void
    ) async {
        let ids = pool.makeIDs(count)
        let countdown = Countdown(count)
        await withTaskCancellationHandler {
            for (index, id) in zip(0..<count, ids) {
                await composed.room()
                do throws(SendError) {
                    let envelope = try envelope(index)
                    let content = try SMTPContent(envelope.message)
                    let transaction = try SMTPTransaction(envelope, content: content)
                    let bytes = content.buffer.readableBytes
                    composed.enter(bytes)
                    pool.enqueue(
                        SMTPJob(id: id, transaction: transaction, content: content.buffer) { [composed] in
                            composed.leave(bytes)
                            done(index, $0)
                            countdown.step()
                        })
                } catch {
                    composed.enter(0)
                    done(index, .failure(error))
                    countdown.step()
                }
            }
            if Task.isCancelled { pool.withdraw(ids) }
            await countdown.finished()
        } onCancel: {
            pool.withdraw(ids)
        }
    }

    /// Fails those that wait, and those that still come, with `.withdrawn`; connections finish what they have.
    package func withdraw() {
        pool.withdraw()
    }

    /// Refuses new messages, fails those that wait, finishes those in flight, says QUIT and returns.
    ///
    /// What is not finished within `SMTPPoolLimits.closeTime` ends as if the line had broken.
    package func close() async {
        await pool.close()
    }

    /// Keeps the connections until its task is cancelled, then closes.
    package func run() async throws {
        let (never, continuation) = AsyncStream.makeStream(of: Never.self)
        for await _ in never {}
        continuation.finish()
        await close()
    }
}
