import Logging
import RapportChannels
import RapportCore
import RapportLog

extension Dispatcher {
    /// Writes what sends came to, in batches, until the mailbox is closed.
    func record() async {
        while let batch = await nextOutcomes() {
            await record(batch)
            land(batch.map(\.claimed))
            alarm.ring()
            await settle(batch)
        }
    }

    /// What has come since the last batch. While much more is in the air it waits a little, because a transaction for a
    /// few results costs nearly as much as one for a hundred.
    private func nextOutcomes() async -> [SendOutcome]? {
        await outcomes.arrival()
        if outcomes.count < min(128, flight.airborne / 2) { try? await Task.sleep(for: .milliseconds(10)) }
        return await outcomes.next(atMost: 512)
    }

    /// One result that can't be written must not take the others with it: a message that was accepted would be unknown
    /// after the next start, and one that may be repeated sent twice.
    private func record(_ batch: [SendOutcome]) async {
        guard let error = await persist(batch.count, { () throws(StoreError) in try await write(batch) }),
            error.code != .closed
        else { return }
        guard batch.count == 1 else {
            for outcome in batch { await record([outcome]) }
            return
        }
        await settleUnwritten(batch[0], because: error)
    }

    /// Tries until it is written: what a send came to must not be forgotten while the hub lives, nor because it is told
    /// to stop.
    ///
    /// - Returns: what no further try would change.
    private func persist(_ results: Int, _ write: () async throws(StoreError) -> Void) async -> StoreError? {
        var wait: Int64 = 100
        var lastTries = Self.triesAfterCancellation
        while true {
            do throws(StoreError) {
                try await write()
                return nil
            } catch {
                logger.error("recording failed", metadata: ["error": "\(error)", "results": "\(results)"])
                guard error.isRetryable else { return error }
                if Task.isCancelled { lastTries -= 1 }
                guard lastTries > 0 else { return nil }
                await pause(milliseconds: wait)
                wait = min(wait * 2, 5000)
            }
        }
    }

    /// A result that can't be written even alone is a fault in the hub, and its message must not stay in hand for it:
    /// it becomes `unknown`, which is never sent again, with the reason and without anything of the result. When not even
    /// that can be written, `status` says so (`StoreStatus.stuck`), and the next start settles it.
    private func settleUnwritten(_ outcome: SendOutcome, because error: StoreError) async {
        let now = clock()
        let result = DispatchResult(
            id: outcome.claimed.id, outcome: .unknown, detail: "its result could not be written: \(error)")
        let failure = await persist(1) { () throws(StoreError) in
            try await store.record([result], node: node, at: now) { position in
                [outcome.unknownRow(because: result.detail, at: position, now: now)]
            }
        }
        guard let failure, failure.code != .closed else { return }
        logger.critical(
            "what became of a message can't be written; the next start of the hub settles it as unknown",
            metadata: ["dispatch": "\(outcome.claimed.id)", "error": "\(failure)"])
    }

    private func write(_ batch: [SendOutcome]) async throws(StoreError) {
        let now = clock()
        let results = batch.map { outcome in
            outcome.result(schedule: settings.schedule, now: now) { Double.random(in: 0..<1) }
        }
        try await store.record(results, node: node, at: now) { first in
            var position = first
            return zip(batch, results).compactMap { outcome, result in
                guard let row = outcome.row(for: result, at: position, now: now) else { return nil }
                position += 1
                return row
            }
        }
    }

    /// A hub that is told to stop at once waits for a store that is busy or full a few seconds more.
    private static let triesAfterCancellation = 5

    /// Sleeps also when the task is cancelled.
    private func pause(milliseconds: Int64) async {
        await Task { try? await Task.sleep(for: .milliseconds(milliseconds)) }.value
    }

    /// Receipts may have been waiting for the ids that are known now, and a campaign may have come to its end.
    private func settle(_ batch: [SendOutcome]) async {
        do throws(StoreError) {
            let hasIDs = batch.contains { outcome in
                if case .sent(let receipt) = outcome.ending { receipt.providerMessageID != nil } else { false }
            }
            if hasIDs { _ = try await parked.settle() }
            try await completeFinished(isOwed: true)
        } catch {
            logger.error("settling failed", metadata: ["error": "\(error)"])
        }
    }
}
