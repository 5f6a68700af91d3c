import RapportCore

/// Tells in which follow-ups somebody else has asked, too. Who asks where something of the kind is open in the conversation
/// opens nothing: a row that has opened nothing belongs to what was opened last before it.
struct SharedFollowUps {
    private struct Place: Hashable {
        var conversation: String
        var kind: String
    }

    private var opened: [Place: [(row: Int64, followUp: Int64)]] = [:]
    private var asking: [Place: [Int64]] = [:]

    mutating func add(_ followUp: FollowUp, openedBy row: Int64) {
        guard let conversation = followUp.conversation else { return }
        opened[Place(conversation: conversation, kind: followUp.kind), default: []].append((row, followUp.id.number))
    }

    mutating func add(_ row: Interaction) {
        var opens = false
        for case .followUpOpened(let followUp) in row.effects {
            add(followUp, openedBy: row.id.number)
            opens = true
        }
        guard !opens, row.direction == .inbound, let conversation = row.references.conversation,
            let kind = row.attributes["opt-out"] == nil ? FollowUp.kind(after: row.kind) : "opt-out"
        else { return }
        asking[Place(conversation: conversation, kind: kind), default: []].append(row.id.number)
    }

    /// For each of these follow-ups in which somebody else has asked, the first row in which they did.
    ///
    /// - Parameter own: rows of those who opened them.
    func rows(in followUps: Set<Int64>, besides own: Set<Int64>) -> [Int64: Int64] {
        var first: [Int64: Int64] = [:]
        for (place, rows) in asking {
            let opened = (self.opened[place] ?? []).sorted { $0.row < $1.row }
            var next = 0
            for row in rows.sorted() where !own.contains(row) {
                while next < opened.count, opened[next].row < row { next += 1 }
                guard next > 0, case let id = opened[next - 1].followUp, followUps.contains(id) else { continue }
                first[id] = min(row, first[id] ?? row)
            }
        }
        return first
    }
}
