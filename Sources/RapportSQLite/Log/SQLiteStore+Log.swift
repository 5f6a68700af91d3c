package import RapportCore
package import RapportLog

extension SQLiteStore: LogReading {
    package func timeline(
        of customer: CustomerID, before: InteractionID?, limit: Int, including parts: InteractionParts
    ) async throws(StoreError) -> [Interaction] {
        try await read("reading a timeline") { transaction in
            let roots = try transaction.roots([customer.number])
            let members = try transaction.members(of: Array(roots.values))
            let reader = LogReader(transaction, effects: parts.contains(.effects))
            var rows = try reader.timeline(
                of: Array(members.keys), before: before?.number ?? Int64.max, limit: max(0, limit))
            guard parts.contains(.payloads) else { return rows }
            for index in rows.indices { rows[index].payload = try reader.payload(of: rows[index].id.number) }
            return rows
        }
    }

    package func interactions(after: InteractionID?, limit: Int) async throws(StoreError) -> [Interaction] {
        try await read("reading the log") {
            try LogReader($0).rows(after: after?.number ?? 0, limit: max(0, limit))
        }
    }

    package func interaction(_ id: InteractionID, payload: Bool) async throws(StoreError) -> Interaction? {
        try await read("reading the log") { transaction in
            let reader = LogReader(transaction)
            var row = try reader.rows(at: [id.number]).first
            if payload, row != nil { row?.payload = try reader.payload(of: id.number) }
            return row
        }
    }

    package func lastPosition() async throws(StoreError) -> Int64 {
        try await read("reading the log") { try $0.lastPosition() }
    }
}

extension SQLiteStore: FollowUpReading {
    package func followUps(_ filter: FollowUpFilter, limit: Int) async throws(StoreError) -> [FollowUp] {
        try await read("reading follow-ups") { try FollowUpReader($0).list(filter, limit: max(0, limit)) }
    }

    package func followUp(_ id: FollowUpID) async throws(StoreError) -> FollowUp? {
        try await read("reading a follow-up") { try FollowUpReader($0).followUp(id) }
    }
}
