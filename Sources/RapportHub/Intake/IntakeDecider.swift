import RapportChannels
import RapportCore
import RapportLog

/// Decides what events become in the log: whose they are, what they change, what a person must look at. Pure: the same
/// events and facts make the same rows.
struct IntakeDecider: Sendable {
    var settings: IntakeSettings
    var now: Timestamp

    /// Decides in order; `facts` is brought up to date after each event, so that the next one sees it.
    func decide(_ events: [ResolvedEvent], facts: inout IntakeFacts) -> [IntakeDecision] {
        events.map { decide($0, facts: &facts) }
    }

    private func decide(_ resolved: ResolvedEvent, facts: inout IntakeFacts) -> IntakeDecision {
        let position = facts.takePosition()
        var draft = IntakeDraft(
            position: position, resolved: resolved, dispatch: resolved.event.dispatch.flatMap { facts.dispatches[$0] },
            now: now)
        draft.identify(facts: facts)
        draft.keepStrandedWish()
        draft.findConversation(facts: facts)
        draft.applyDelivery()
        draft.applyRequests(facts: facts)
        draft.applyResponse(facts: facts)
        draft.applyFollowUp(facts: facts, serviceLevels: settings.serviceLevels)
        draft.nameConversation(facts: facts)
        draft.update(&facts)

        var interactions = [draft.interaction]
        if !draft.conflicts.isEmpty {
            interactions.append(draft.conflictNote(at: facts.takePosition()))
        }
        for member in draft.pausesEnded {
            interactions.append(draft.pauseNote(of: member, at: facts.takePosition()))
        }
        return IntakeDecision(interactions: interactions, parkedUnder: draft.parkedUnder)
    }
}
