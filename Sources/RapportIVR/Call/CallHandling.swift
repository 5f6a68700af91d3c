import RapportChannels
import RapportCore

/// Turns a report into the event to log and the step to answer with, for every form that calls come in.
struct CallHandling: Sendable {
    /// `nil`: calls are logged and not answered.
    let flow: CallFlow?

    /// - Parameter reply: writes a step; `nil` when there is nothing to say.
    func result(
        of report: CallReport, payload: Interaction.Payload,
        reply: @escaping @Sendable (CallStep?) -> InboundReply
    ) -> InboundResult {
        var event = InboundEvent(kind: report.kind, channel: .ivr, direction: report.direction)
        event.sourceID = report.sourceID
        event.occurredAt = report.occurredAt
        event.customerAddresses = report.customer.map { [$0] } ?? []
        event.from = report.from
        event.to = report.to
        event.attributes = report.attributes
        event.conversation = "call:\(report.call)"
        event.payload = payload
        let next = describe(report, in: &event)
        let flow = flow
        return InboundResult(events: [event]) { [event] committed in
            guard let flow, var next, !report.isOver else { return reply(nil) }
            let known = committed.first
            if known?.isFirstOfCustomer == true { next.isFirstContact = true }
            let caller = CallFlow.Caller(
                isKnown: known?.customer != nil && !next.isFirstContact, language: known?.language, owner: known?.owner,
                attributes: event.attributes)
            return reply(flow.step(at: next, caller: caller))
        }
    }

    /// Fills in what the moment says, and tells where the call goes on; `nil` when it ends or only is told of.
    private func describe(_ report: CallReport, in event: inout InboundEvent) -> CallState? {
        switch report.moment {
        case .started, .answered:
            return flow.map { CallState(node: $0.menu.start, step: 1) }
        case .input(let input, let state):
            event.attributes["node"] = state.node
            switch input {
            case .digits(let digits): event.text = digits
            case .speech(let text): event.text = text
            case .nothing: event.attributes["input"] = "none"
            }
            guard let flow else { return nil }
            let outcome = flow.outcome(of: input, at: state)
            act(outcome.choice, in: &event)
            return outcome.next
        case .recorded(let recording, let state):
            event.attributes["recording"] = recording.url
            event.attributes["seconds"] = recording.seconds.map(String.init)
            guard let flow, let state else { return nil }
            return flow.outcome(of: .nothing, at: state).next
        case .completed, .missed, .unknown:
            return nil
        }
    }

    /// A key acts with the row that logs it, before anybody is told that it did.
    private func act(_ choice: Menu.Choice?, in event: inout InboundEvent) {
        guard let choice else { return }
        let method = event.kind == .callSpeech ? "speech" : "key-press"
        if let optOut = choice.optOut {
            event.requests.append(.optOut(topic: optOut.topic, channel: optOut.channel, method: method))
        }
        if let optIn = choice.optIn {
            // The exchange vouches for the number that the call came from.
            event.requests.append(
                .optIn(topic: optIn.topic, channel: optIn.channel, method: method, confirmation: .sender))
        }
        if let kind = choice.followUp {
            if kind == "callback" { event.kind = .callCallbackRequested }
            event.requests.append(.followUp(kind: kind, summary: "Asked by telephone"))
        }
        if let language = choice.language { event.language = language }
    }
}
