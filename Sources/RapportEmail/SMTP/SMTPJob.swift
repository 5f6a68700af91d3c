import NIOCore
import RapportChannels

/// A message on its way through the pool, with what is to be called when its fate is known.
struct SMTPJob: Sendable {
    let id: UInt64
    let transaction: SMTPTransaction
    let content: ByteBuffer
    /// Called once, on the connection's event loop or by whoever withdraws or closes: it must return soon.
    let finish: @Sendable (Result<Receipt, SendError>) -> Void
    /// How many connections gave it back.
    var returns = 0

    /// A second connection may try what the first never looked at; after that the sender should know.
    static let returnLimit = 1
}
