package import RapportCore

/// What an operator does with a store as a whole.
package protocol Maintaining: Sendable {
    /// Writes a consistent copy to a new file while the hub runs. Fails when the file exists.
    func backup(to path: String) async throws(StoreError)

    /// Folds the whole log into fresh projections beside the live ones and compares them.
    ///
    /// - Parameter progress: called now and then with the position reached and the last one.
    /// - Returns: every difference, at most 1,000; empty when the projections are what the log says.
    func verifyProjections(
        progress: @escaping @Sendable (_ position: Int64, _ of: Int64) -> Void
    ) async throws(StoreError) -> [ProjectionDifference]

    /// Replaces the projections by what the log says, in one transaction.
    func rebuildProjections(
        progress: @escaping @Sendable (_ position: Int64, _ of: Int64) -> Void
    ) async throws(StoreError)

    /// Forgets the payloads of interactions recorded before this instant; at most `limit` at a time.
    ///
    /// - Returns: how many were forgotten.
    func forgetPayloads(before: Timestamp, limit: Int) async throws(StoreError) -> Int

    /// Waits for calls under way, refuses new ones, and closes. Calling it again does nothing.
    func close() async throws(StoreError)
}

package struct ProjectionDifference: Hashable, Sendable, Codable {
    package var table: String
    /// The row's key, such as `c42` or `k17`.
    package var key: String
    /// In the projection; `nil` when the row is missing there.
    package var found: String?
    /// By the log; `nil` when the row should not be there.
    package var expected: String?

    package init(table: String, key: String, found: String?, expected: String?) {
        self.table = table
        self.key = key
        self.found = found
        self.expected = expected
    }
}
