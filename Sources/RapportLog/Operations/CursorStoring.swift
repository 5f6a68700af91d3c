package import RapportCore

/// How far a reader of the log, such as an outgoing feed, has come.
package protocol CursorStoring: Sendable {
    /// The last position that the reader has dealt with; 0 for a new one.
    func cursor(of reader: String) async throws(StoreError) -> Int64

    /// Never moves a cursor back. One that moves forgets its failure.
    func advance(_ reader: String, to position: Int64, at now: Timestamp) async throws(StoreError)

    /// Keeps why the reader got no further, until it does: for the status.
    ///
    /// - Parameter reason: safe to show: no secret, nothing about a customer. What is longer than 300 characters is cut off.
    func fail(_ reader: String, because reason: String, at now: Timestamp) async throws(StoreError)
}

/// Makes a request with an `Idempotency-Key` happen once
/// (draft-ietf-httpapi-idempotency-key-header, section 2).
package protocol IdempotencyStoring: Sendable {
    /// Reserves a key for the request whose body has this hash. A reservation older than an hour without an answer is
    /// taken over, because its holder died; answers are kept for 24 hours.
    func begin(key: String, bodyHash: String, at now: Timestamp) async throws(StoreError) -> IdempotencyState

    func finish(key: String, status: Int, body: String, at now: Timestamp) async throws(StoreError)

    /// Gives the key back after a request that changed nothing.
    func abandon(key: String) async throws(StoreError)

    /// Gives back all keys that have no answer yet: for a hub that starts and knows that nobody who could answer is left.
    /// Answers stay.
    func abandonReservations() async throws(StoreError)
}

package enum IdempotencyState: Hashable, Sendable {
    case new
    case inProgress
    case replay(status: Int, body: String)
    /// The key was used with another body.
    case mismatch
}
