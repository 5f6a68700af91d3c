import RapportCore
import Synchronization

/// Whose facts have changed lately: it tells whether a verdict that was reached on a reading connection still holds when
/// the writing one comes to write it.
///
/// Whoever judges takes a `mark` first and a snapshot after it; the transaction that writes the verdict asks
/// `haveStood(since:)`. A change counts from the moment it is made, and a mark knows only of changes that are committed,
/// so that what happens between the two, in whatever order, is always found. Too much may be found, never too little.
final class FactsChanges: Sendable {
    /// A place in the order of changes.
    typealias Mark = Int

    private struct State {
        /// The latest change, committed or not.
        var last: Mark = 0
        /// Up to here every change is committed, or rolled back.
        var settled: Mark = 0
        /// The latest change that may concern anybody.
        var everybody: Mark = 0
        var customers: [Int64: Mark] = [:]
        var addresses: [String: Mark] = [:]
        /// Of the file, as the writing connection saw it last.
        var dataVersion: Int64?

        mutating func changeEverybody() {
            last += 1
            everybody = last
            customers = [:]
            addresses = [:]
        }
    }

    /// Who is known to have changed; more are remembered as everybody.
    private static let limit = 10_000

    private let state = Mutex(State())

    /// To be taken before the snapshot that is judged.
    var mark: Mark { state.withLock { $0.settled } }

    /// Begins a transaction of the writing connection.
    ///
    /// - Parameter dataVersion: SQLite's `data_version`, read inside the transaction: it differs from the last one when
    ///   another process has committed meanwhile, which may have changed anything.
    func begin(dataVersion: Int64) {
        state.withLock { state in
            if state.dataVersion != dataVersion { state.changeEverybody() }
            state.dataVersion = dataVersion
        }
    }

    /// Ends it, whether it was committed or rolled back.
    func settle() {
        state.withLock { $0.settled = $0.last }
    }

    /// Anybody's facts may be others from now on.
    func changeEverybody() {
        state.withLock { $0.changeEverybody() }
    }

    /// What an effect changes of what verdicts look at.
    func change(_ effect: Effect) {
        switch effect {
        case .customerCreated(let id), .profileSet(let id, _), .addressAttached(let id, _),
            .addressDetached(let id, _), .responded(let id, _):
            change(customer: id)
        case .followUpOpened(let followUp): change(customer: followUp.customer)
        case .consentRecorded(let entry): change(customer: entry.customer, address: entry.address)
        case .suppressed(let suppression): change(address: suppression.address)
        case .suppressionLifted(let address, _): change(address: address)
        case .merged, .unmerged, .erased: changeEverybody()
        // These take nothing back that was claimed: a claim that did not know of them is one made just before.
        case .followUpClosed, .followUpAssigned, .conversationNamed, .dispatchAdvanced, .identityConflicted,
            .toldApart:
            break
        }
    }

    /// Whether nothing of these customers and addresses has changed since a mark was taken. To be asked inside a
    /// transaction of the writing connection.
    ///
    /// - Parameter customers: with those that were merged into them.
    func haveStood(
        since mark: Mark, customers: some Sequence<Int64>, addresses: some Sequence<Address>
    ) -> Bool {
        state.withLock { state in
            if state.everybody > mark { return false }
            if state.last == mark { return true }
            return customers.allSatisfy { state.customers[$0, default: 0] <= mark }
                && addresses.allSatisfy { state.addresses[$0.uri, default: 0] <= mark }
        }
    }

    private func change(customer: CustomerID? = nil, address: Address? = nil) {
        state.withLock { state in
            if state.customers.count + state.addresses.count >= Self.limit { return state.changeEverybody() }
            state.last += 1
            if let customer { state.customers[customer.number] = state.last }
            if let address { state.addresses[address.uri] = state.last }
        }
    }
}
