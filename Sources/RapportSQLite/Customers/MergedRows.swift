import GRDB
import RapportCore
import RapportLog

/// What came in for customers while they were one with others, from whom they have been parted since: it stands in the
/// rows of whoever stood for all of them, and what is said of it later in those of whoever stands for the others then.
struct MergedRows {
    /// With whom they were one.
    private(set) var others: [Int64] = []
    /// Rows of the others that are theirs: those that came from, or went to, an address that they have and the others have
    /// not, what was said of a message to such an address, and what is part of these.
    private(set) var own: Set<Int64> = []
    /// Further rows of the others that name an address which only they have in what they changed, or what the customers
    /// waited for.
    private(set) var naming: Set<Int64> = []
    /// What they waited for.
    private(set) var followUps: Set<Int64> = []
    /// Of this, and of what is under their own names, that in which one of the others has asked, too, with the first row
    /// in which they did.
    private(set) var shared: [Int64: Int64] = [:]

    /// What was found of later times; `nil` where nothing was looked for.
    private(set) var later: LaterRows?

    /// Without any.
    init() {}

    /// - Parameters:
    ///   - addresses: those that only the customers have.
    ///   - ahead: what was found of later times before, in a snapshot.
    init(
        _ transaction: Transaction, of family: [Int64], addresses: Set<String>, ahead: LaterRows? = nil
    ) throws {
        let past = try FormerFamily(transaction, of: family)
        others = past.members
        guard !others.isEmpty else { return }
        let waitedFor = try FollowUpReader(transaction).list(FollowUpFilter(), of: family, limit: .max)
        let origin = try Origin(transaction, past, family, addresses)
        guard !origin.ownAddresses.isEmpty || !waitedFor.isEmpty else { return }
        var reading = Reading(waitedFor)
        try reading.add(RangeRows(transaction, past.times).positions(), LogReader(transaction), origin)
        if !origin.dispatches.isEmpty || !reading.followUps.isEmpty {
            // The others may have become part of somebody with whom the customers never were one.
            let others = past.times.compactMapValues(\.first?.lowerBound)
            let since = try StandIns(transaction, for: others).since.filter { !family.contains($0.key) }
            let wanted = LaterRows.Wanted(
                dispatches: origin.dispatches, conversations: reading.talks, since: since)
            let later = try LaterRows(transaction, wanted, ahead: ahead)
            try reading.add(later.positions, LogReader(transaction), origin)
            self.later = later
        }
        own = reading.own
        naming = reading.naming
        followUps = reading.followUps
        let all = followUps.union(waitedFor.map(\.id.number))
        for settled in reading.settled where all.contains(settled.followUp) {
            if settled.isAct { own.insert(settled.row) } else { naming.insert(settled.row) }
        }
        shared = reading.shared.rows(in: all, besides: own)
    }

    /// What is gathered while the rows are read, in whatever order.
    private struct Reading {
        /// Rows that are read at a time.
        private static let pageSize = 500

        private var read: Set<Int64> = []
        private var named: Set<Int64> = []
        private(set) var naming: Set<Int64> = []
        /// Those in which rows of their own are.
        private var conversations: Set<String> = []
        private var nameless: [(row: Int64, conversation: String)] = []
        private var opened: [(row: Int64, followUp: FollowUp)] = []
        private(set) var shared = SharedFollowUps()
        /// What closed or assigned a follow-up, and whether that is all that the row tells of.
        private(set) var settled: [(row: Int64, followUp: Int64, isAct: Bool)] = []

        /// - Parameter followUps: under the customers' own names.
        init(_ followUps: [FollowUp]) {
            for followUp in followUps { shared.add(followUp, openedBy: followUp.id.number) }
        }

        /// Events of a call may name nobody, and are of whoever began it.
        var own: Set<Int64> {
            named.union(nameless.lazy.filter { conversations.contains($0.conversation) }.map(\.row))
        }

        /// What was opened by rows of their own.
        var followUps: Set<Int64> { Set(openedByOwn.map(\.id.number)) }

        /// The conversations in which that was.
        var talks: Set<String> { Set(openedByOwn.compactMap(\.conversation)) }

        private var openedByOwn: [FollowUp] {
            let own = own
            return opened.filter { own.contains($0.row) }.map(\.followUp)
        }

        /// Those of these rows that were not read before.
        mutating func add(_ positions: [Int64], _ reader: LogReader, _ origin: Origin) throws {
            let new = positions.filter { read.insert($0).inserted }.sorted()
            for start in stride(from: 0, to: new.count, by: Self.pageSize) {
                let page = new[start..<min(start + Self.pageSize, new.count)]
                for row in try reader.rows(at: Array(page)) { add(row, isOwn: origin.isTheirs(row), origin) }
            }
        }

        private mutating func add(_ row: Interaction, isOwn: Bool, _ origin: Origin) {
            let position = row.id.number
            let conversation = row.references.conversation
            if isOwn {
                named.insert(position)
                if let conversation { conversations.insert(conversation) }
            } else if let conversation, origin.mayBePartOfTheirs(row) {
                nameless.append((position, conversation))
            }
            shared.add(row)
            for effect in row.effects {
                switch effect {
                case .followUpOpened(let followUp): opened.append((position, followUp))
                case .followUpClosed(let id, _, _), .followUpAssigned(let id, _):
                    let isAct = row.kind == .followUpClosed || row.kind == .followUpAssigned
                    settled.append((position, id.number, isAct))
                default:
                    if let address = effect.address, origin.addresses.contains(address.uri) { naming.insert(position) }
                }
            }
        }
    }

    /// Tells whose a row of the others is.
    private struct Origin {
        let past: FormerFamily
        /// Those that only the customers have.
        let addresses: Set<String>
        /// Besides these, those that they share with somebody with whom they never were one: what came from there into the
        /// rows of the others, who do not have them, came from the customers.
        let ownAddresses: Set<String>
        /// The same as rows write them.
        let written: WrittenAddresses
        let writtenOfOthers: WrittenAddresses
        /// Messages to the others that went to one of the addresses.
        let dispatches: Set<Int64>

        init(
            _ transaction: Transaction, _ past: FormerFamily, _ family: [Int64], _ addresses: Set<String>
        ) throws {
            let members = Bound.list(past.members)
            self.past = past
            self.addresses = addresses
            ownAddresses = addresses.union(
                try transaction.db.list(
                    """
                    SELECT a.uri FROM customer_address ca CROSS JOIN address a ON a.id = ca.address
                    WHERE ca.customer IN (SELECT value FROM json_each(?)) AND NOT EXISTS (
                        SELECT 1 FROM customer_address o
                        WHERE o.address = ca.address AND o.customer IN (SELECT value FROM json_each(?)))
                    """, [Bound.list(family), members]
                ) { $0[0] as String })
            written = WrittenAddresses(uris: ownAddresses)
            writtenOfOthers = WrittenAddresses(
                uris: try transaction.db.list(
                    """
                    SELECT a.uri FROM customer_address ca CROSS JOIN address a ON a.id = ca.address
                    WHERE ca.customer IN (SELECT value FROM json_each(?))
                    """, [members]
                ) { $0[0] as String })
            dispatches = Set(
                try transaction.db.list(
                    """
                    SELECT d.id FROM address a CROSS JOIN dispatch d INDEXED BY dispatch_by_address ON d.address = a.id
                    WHERE a.uri IN (SELECT value FROM json_each(?)) AND d.customer IN (SELECT value FROM json_each(?))
                    """, [Bound.list(ownAddresses), members]
                ) { $0[0] as Int64 })
        }

        /// What was said of a message may come long after the merge was undone.
        func isTheirs(_ row: Interaction) -> Bool {
            if past.wasOne(at: row), written.contain(row.from) || written.contain(row.to) { return true }
            guard let dispatch = row.references.dispatch, dispatches.contains(dispatch.number) else { return false }
            return !writtenOfOthers.contain(row.from) && !writtenOfOthers.contain(row.to)
        }

        func mayBePartOfTheirs(_ row: Interaction) -> Bool {
            row.direction == .inbound && row.from == nil && past.wasOne(at: row)
        }
    }
}

extension Effect {
    /// The address that it is about.
    var address: Address? {
        switch self {
        case .addressAttached(_, let address), .addressDetached(_, let address), .suppressionLifted(let address, _):
            address
        case .suppressed(let suppression): suppression.address
        case .consentRecorded(let entry): entry.address
        default: nil
        }
    }
}
