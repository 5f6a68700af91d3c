import RapportChannels
import RapportCore
import RapportLog

/// What one attempt to send came to.
struct SendOutcome: Sendable {
    var claimed: ClaimedDispatch
    /// Of the message that was rendered, if it has one.
    var subject: String?
    var ending: Ending

    enum Ending: Sendable {
        case sent(Receipt)
        case refused(SendError)
        case unrenderable(RenderError)
        case released
    }

    /// What is written of it; pure but for the jitter.
    ///
    /// - Parameter jitter: asked for what is tried again, because a random number is a call of the system.
    func result(schedule: RetrySchedule, now: Timestamp, jitter: () -> Double) -> DispatchResult {
        switch ending {
        case .sent(let receipt):
            return DispatchResult(
                id: claimed.id, outcome: .sent(state: receipt.state, providerMessageID: receipt.providerMessageID),
                detail: receipt.detail)
        case .unrenderable(let error):
            return failed("render", error.description)
        case .released:
            return DispatchResult(id: claimed.id, outcome: .released)
        case .refused(let error) where error.code == .withdrawn:
            return DispatchResult(id: claimed.id, outcome: .released)
        case .refused(let error):
            // What may have arrived is repeated only where twice is better than not at all.
            let isUncertain = error.code == .uncertain
            let mayRepeat = isUncertain ? claimed.candidate.plan.repeats : error.isRetryable
            let next = mayRepeat ? nextAttempt(after: error, schedule: schedule, now: now, jitter: jitter) : nil
            if let next {
                let rule = error.code.rawValue
                return DispatchResult(
                    id: claimed.id, outcome: isUncertain ? .repeat(at: next, rule: rule) : .retry(at: next, rule: rule),
                    detail: error.description)
            }
            if isUncertain {
                return DispatchResult(id: claimed.id, outcome: .unknown, detail: error.description)
            }
            return refusedForGood(error)
        }
    }

    private func nextAttempt(
        after error: SendError, schedule: RetrySchedule, now: Timestamp, jitter: () -> Double
    ) -> Timestamp? {
        schedule.next(
            after: claimed.candidate.attempts + 1, now: now, expiresAt: claimed.candidate.plan.expiresAt,
            notBeforeSeconds: error.retryAfterSeconds, jitter: jitter())
    }

    private func refusedForGood(_ error: SendError) -> DispatchResult {
        let next = claimed.routeIndex + 1
        if next < claimed.candidate.plan.routes.count {
            return DispatchResult(id: claimed.id, outcome: .fallBack(toRoute: next), detail: error.description)
        }
        return failed(error.code.rawValue, error.description)
    }

    /// For good; what may have arrived before has not failed, unless the address is not there, which had nothing before,
    /// either. Over a later route it may have been another address.
    private func failed(_ rule: String, _ detail: String) -> DispatchResult {
        let wasNowhere = claimed.routeIndex == 0 && rule == SendError.Code.badAddress.rawValue
        let mayHaveArrived = claimed.candidate.mayHaveArrived && !wasNowhere
        return DispatchResult(
            id: claimed.id, outcome: mayHaveArrived ? .unknown : .failed(rule: rule), detail: detail)
    }

    /// The row of the log that tells of it; `nil` for one that never left.
    func row(for result: DispatchResult, at position: Int64, now: Timestamp) -> Interaction? {
        guard let kind = kind(of: result.outcome) else { return nil }
        let single = claimed.candidate.plan.inlineContent.flatMap(SingleMessage.init(encoded:))
        var row = bareRow(kind, detail: result.detail, at: position, now: now)
        row.to = claimed.route.address.deliverable
        row.subject = subject
        row.text = single?.text
        row.references.conversation = single?.conversation
        if let author = single?.author { row.attributes["author"] = author }
        row.effects = effects(of: result.outcome, position: position, single: single, now: now)
        return row
    }

    /// The row that tells only that nobody knows what became of the message, and why.
    func unknownRow(because detail: String, at position: Int64, now: Timestamp) -> Interaction {
        var row = bareRow(.deliveryUnknown, detail: detail, at: position, now: now)
        row.effects = [.dispatchAdvanced(claimed.id, .unknown)]
        return row
    }

    private func bareRow(_ kind: InteractionKind, detail: String, at position: Int64, now: Timestamp) -> Interaction {
        let candidate = claimed.candidate
        return Interaction(
            id: InteractionID(position), customer: candidate.customer.id, channel: claimed.route.channel,
            adapter: claimed.route.adapter, direction: .outbound, kind: kind, occurredAt: now, recordedAt: now,
            attributes: detail.isEmpty ? [:] : ["detail": detail],
            references: Interaction.References(
                campaign: candidate.plan.campaign?.name, occurrence: candidate.plan.campaign?.occurrence,
                dispatch: claimed.id))
    }

    private func kind(of outcome: DispatchResult.Outcome) -> InteractionKind? {
        switch outcome {
        case .sent: .messageSent
        case .retry, .repeat: .deliveryDeferred
        case .fallBack, .failed: .deliveryFailed
        case .unknown: .deliveryUnknown
        case .released: nil
        }
    }

    private func effects(
        of outcome: DispatchResult.Outcome, position: Int64, single: SingleMessage?, now: Timestamp
    ) -> [Effect] {
        var effects: [Effect] = []
        switch outcome {
        case .sent(let state, _):
            effects.append(.dispatchAdvanced(claimed.id, state))
            for followUp in single?.closes ?? [] {
                effects.append(.followUpClosed(followUp, at: now, resolution: "answered"))
            }
        case .failed: effects.append(.dispatchAdvanced(claimed.id, .failed))
        case .unknown, .repeat: effects.append(.dispatchAdvanced(claimed.id, .unknown))
        case .fallBack, .retry, .released: break
        }
        if case .refused(let error) = ending, error.code == .badAddress {
            effects.append(
                .suppressed(
                    Suppression(
                        id: EntryID(position: position), address: claimed.route.address, reason: .invalid, at: now)))
        }
        return effects
    }
}
