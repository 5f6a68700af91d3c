import GRDB
import RapportCore

/// Applies effects to the projections: the only place that does, for intake, results, rebuilding and verifying alike,
/// so that the projections are the fold of the log by construction.
struct Projector {
    enum Mode {
        /// Beside the row that was just appended: also takes back what was claimed and must not be sent any more.
        case live
        /// From the log into the emptied projections of the live store.
        case rebuild
        /// From the log into the projections of a scratch file that has no dispatches.
        case scratch
    }

    let transaction: Transaction
    let mode: Mode

    init(_ transaction: Transaction, _ mode: Mode) {
        self.transaction = transaction
        self.mode = mode
    }

    /// - Parameter ordinal: which of the row's effects it is.
    func apply(_ effect: Effect, of row: Interaction, ordinal: Int) throws {
        let source = EffectSource(
            position: row.id.number, ordinal: ordinal, occurredAt: row.occurredAt, recordedAt: row.recordedAt)
        try apply(effect, source)
    }

    func apply(_ effect: Effect, _ source: EffectSource) throws {
        transaction.changes?.change(effect)
        switch effect {
        case .customerCreated(let id): try customers.create(id.number)
        case .profileSet(let id, let profile):
            try customers.set(profile, of: id.number)
            if profile.pausedUntil != nil { try takeBack.dispatches(of: id) }
        case .addressAttached(let id, let address): try customers.attach(address, to: id.number, source)
        case .addressDetached(let id, let address):
            try takeBack.dispatches(of: id)
            try customers.detach(address, from: id.number)
        case .merged(let from, let into):
            try customers.merge(from.number, into: into.number, source)
            try takeBack.dispatches(of: into)
        case .unmerged(let from, let into):
            // As long as they are one: what is claimed for either may go to an address of the other.
            try takeBack.dispatches(of: into)
            try customers.unmerge(from.number, from: into.number, source)
        case .identityConflicted(let id, let others):
            try conflicts.note(id.number, with: others.map(\.number), source)
        case .toldApart(let first, let second): try conflicts.tellApart(first.number, second.number, source)
        case .erased(let id): try customers.erase(id.number)
        case .consentRecorded(let entry):
            try preferences.record(entry)
            if entry.state == .denied { try takeBack.dispatches(after: entry) }
        case .suppressed(let suppression):
            try preferences.suppress(suppression)
            try takeBack.dispatches(to: suppression.address)
        case .suppressionLifted(let address, let reason):
            try preferences.lift(reason, from: address, source)
        case .responded(let id, let campaign): try cases.respond(id.number, to: campaign, source)
        case .followUpOpened(let followUp): try cases.open(followUp)
        case .followUpClosed(let id, let at, let resolution): try cases.close(id.number, at: at, resolution)
        case .followUpAssigned(let id, let owner): try cases.assign(id.number, to: owner)
        case .conversationNamed(let conversation, let keys): try cases.name(conversation, keys, source)
        case .dispatchAdvanced(let id, let state): try advance([id.number: state])
        }
    }

    private var customers: CustomerProjection { CustomerProjection(transaction: transaction) }
    private var conflicts: ConflictProjection { ConflictProjection(transaction: transaction) }
    private var preferences: PreferenceProjection { PreferenceProjection(transaction: transaction) }
    private var cases: CaseProjection { CaseProjection(transaction: transaction) }
    private var takeBack: TakeBack { TakeBack(transaction: transaction, isActive: mode == .live) }

    /// What the effects of many rows say of dispatches.
    func advance(_ states: [Int64: DispatchState]) throws {
        let states = states.filter { $0.value.code >= DispatchState.handedOff.code }
        guard mode == .scratch else {
            return try DispatchRows(transaction).join(states, leavesInHand: mode == .rebuild)
        }
        for (dispatch, state) in states {
            try transaction.db.run(
                """
                INSERT INTO evidence VALUES (?, max(10, ?))
                ON CONFLICT DO UPDATE SET state = max(state, excluded.state)
                """, [dispatch, state.code])
        }
    }
}

/// Where an effect stands in the log.
struct EffectSource {
    var position: Int64
    var ordinal: Int
    var occurredAt: Timestamp
    var recordedAt: Timestamp
}
