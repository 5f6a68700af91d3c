package import RapportCore

/// Who the customers are and what they have said about being contacted.
package protocol CustomerStoring: Sendable {
    /// Customers by id, merged ones replaced by the one that stands for them; unknown ids are left out.
    func customers(_ ids: [CustomerID]) async throws(StoreError) -> [CustomerID: Customer]

    /// The same to be shown, and not to be written back: with the pause and the quiet hours that hold, those of whoever was
    /// merged into a customer too.
    func shown(_ ids: [CustomerID]) async throws(StoreError) -> [CustomerID: Customer]

    /// Customers by address, as `IntakeFacts.customersByAddress`.
    func customers(at addresses: [Address]) async throws(StoreError) -> [Address: [CustomerID]]

    /// All that a person looks at of a customer, read at one moment; merged ones are replaced by the one that stands for
    /// them, and nobody is told of for an unknown id.
    func overviews(
        of subject: CustomerOverview.Subject, limits: CustomerOverview.Limits
    ) async throws(StoreError) -> [CustomerOverview]

    /// Customers whose name, or one of whose addresses, begins with this text, whatever its case; at most `limit`.
    /// They are as `shown(_:)` has them.
    func search(_ prefix: String, limit: Int) async throws(StoreError) -> [Customer]

    /// Customers that match, in order of id, after `after`: a page of an audience. Neither merged away nor erased.
    func audience(
        _ filter: AudienceFilter, after: CustomerID?, limit: Int
    ) async throws(StoreError) -> [Customer]

    /// The ids that stand for the same customer: itself and those merged into it.
    func aliases(of customer: CustomerID) async throws(StoreError) -> [CustomerID]

    /// Those merged into the customer, in order of id, each with what is theirs alone: their own profile and addresses.
    func merged(into customer: CustomerID) async throws(StoreError) -> [Customer]

    /// The customer that this one was merged into, which may itself be merged into another; `nil` when it was not.
    func mergedInto(_ customer: CustomerID) async throws(StoreError) -> CustomerID?

    /// Every consent entry of the customer (with those merged into it), in order of time.
    func consents(of customer: CustomerID) async throws(StoreError) -> [ConsentEntry]

    /// The suppressions of these addresses, ended ones included.
    func suppressions(of addresses: [Address]) async throws(StoreError) -> [Suppression]

    /// Suppressions of whatever addresses, whoever has them, or nobody: the one that was written last comes first.
    /// Those that stand for erased customers' addresses are left out.
    ///
    /// The store keeps an address as it is compared; it is given in the form to send to where somebody has it in one.
    ///
    /// - Parameter before: leaves out this one and later ones; the last of a page is the next page's cursor.
    func suppressions(
        _ filter: SuppressionFilter, before: EntryID?, limit: Int
    ) async throws(StoreError) -> [Suppression]

    /// The customer's dispatches, the latest first.
    func dispatches(of customer: CustomerID, limit: Int) async throws(StoreError) -> [DispatchRow]

    /// Removes personal data from every table and payload of this customer (with those merged into it), keeps keyed
    /// hashes of the addresses that nobody else has as suppressions that a re-import can't lift, cancels what is planned
    /// for it, and appends `customer.erased`. An address that somebody else has stays theirs, with what the erased
    /// customer forbade there.
    ///
    /// What came in while the customer was one with another stands in the rows of whoever stood for both. After the merge
    /// was undone, those that came from, or went to, an address that only the customer has are emptied there, with what
    /// they opened, and messages that were planned for such an address lose it.
    ///
    /// From then on every row about the customer is appended without personal data: a receipt may come much later.
    /// Erasing again removes what earlier versions let in since; when there is nothing, it changes nothing.
    ///
    /// All that is the customer's goes in one transaction. Rows of nobody, which name an address only in their source's
    /// words, are looked through afterwards, a part at a time, so that no writer waits for long; that it has to be done is
    /// written in the same transaction, so that an erasure that is cut off is finished by the next one or by
    /// `finishErasures`. Returns when all is done.
    ///
    /// - Parameter progress: called now and then with how much of the log was looked through for rows of nobody.
    /// - Returns: what was removed, by table.
    func erase(
        _ customer: CustomerID, at now: Timestamp, by author: String,
        progress: @escaping @Sendable (_ done: Int64, _ of: Int64) -> Void
    ) async throws(StoreError) -> [(table: String, rows: Int)]

    /// Goes on with erasures that were cut off, until they are done or the task is cancelled; others may do the same at once.
    ///
    /// - Returns: how many rows were emptied.
    func finishErasures() async throws(StoreError) -> Int
}

extension CustomerStoring {
    package func erase(
        _ customer: CustomerID, at now: Timestamp, by author: String
    ) async throws(StoreError) -> [(table: String, rows: Int)] {
        try await erase(customer, at: now, by: author) { _, _ in }
    }
}

/// Which customers a campaign is for. All conditions must hold.
package struct AudienceFilter: Hashable, Sendable {
    package var tags: Set<String>
    package var withoutTags: Set<String>
    package var attributes: [String: String]
    package var languages: Set<String>

    package init(
        tags: Set<String> = [], withoutTags: Set<String> = [], attributes: [String: String] = [:],
        languages: Set<String> = []
    ) {
        self.tags = tags
        self.withoutTags = withoutTags
        self.attributes = attributes
        self.languages = languages
    }
}
