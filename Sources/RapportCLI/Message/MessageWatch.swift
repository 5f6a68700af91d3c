import RapportCore
import RapportLog

/// Follows one message until it is known what became of it.
struct MessageWatch {
    let store: any DispatchStoring

    /// - Returns: the message as it stands when nothing but a receipt can change it any more, or when the time is over.
    func follow(_ id: DispatchID, seconds: Int) async throws -> DispatchRow {
        for _ in 0..<(seconds * 5) {
            if let row = try await store.dispatch(id), row.state.isFinal { return row }
            try await Task.sleep(for: .milliseconds(200))
        }
        guard let row = try await store.dispatch(id) else { throw MessageError.unknown(id) }
        return row
    }
}
