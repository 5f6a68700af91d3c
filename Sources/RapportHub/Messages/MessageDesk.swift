package import RapportCore
package import RapportLog

/// Sends single messages: a receipt, a one-time code, a colleague's answer. They take the same way as a campaign's, with
/// a verdict of their own.
package struct MessageDesk: Sendable {
    let store: any DispatchStoring & CustomerStoring
    let routes: RouteTable
    let clock: Clock
    /// Tells the dispatcher of this process, when there is one.
    let wake: @Sendable () -> Void

    package init(
        store: any DispatchStoring & CustomerStoring, routes: RouteTable, clock: @escaping Clock,
        wake: @escaping @Sendable () -> Void = {}
    ) {
        self.store = store
        self.routes = routes
        self.clock = clock
        self.wake = wake
    }

    /// The message that was planned under a key before, and the customer it was planned for, who may be another than the one
    /// whom the address means now; `nil`: none was.
    ///
    /// - Parameter digest: of the request that has the key now.
    /// - Throws: `DeskError.keyInUse` when another request had it, `StoreError`.
    package func planned(
        under key: String?, digest: String?
    ) async throws -> (planned: PlannedDispatch, row: DispatchRow)? {
        guard let key, let planned = try await store.planned(under: key, digest: digest),
            let row = try await store.dispatch(planned.id)
        else { return nil }
        guard !planned.isAnother else { throw DeskError.keyInUse }
        return (planned, row)
    }

    /// Plans a message. The same key again is the same message: nothing new is planned.
    ///
    /// - Parameters:
    ///   - digest: of the request that has the key; another digest under a key is another message, and an error.
    ///   - channels: in order of preference.
    ///   - address: only this one of the customer's addresses; `nil`: any.
    ///   - adapter: only this one; `nil`: the configuration's first of the channel.
    /// - Throws: `DeskError`, `StoreError`.
    package func send(
        _ message: SingleMessage, to customer: Customer, channels: [Channel], messageClass: MessageClass,
        topic: String, key: String? = nil, digest: String? = nil, address: Address? = nil, adapter: String? = nil,
        expiresAt: Timestamp? = nil, repeats: Bool = false
    ) async throws -> PlannedDispatch {
        var channels = channels
        var named: [String: String] = [:]
        if let adapter {
            channels = channels.filter { self.routes.adapters[$0]?.contains(adapter) == true }
            guard !channels.isEmpty else { throw DeskError.unknownAdapter(adapter) }
            for channel in channels { named[channel.rawValue] = adapter }
        }
        let routes = self.routes.routes(to: customer, channels: channels, named: named, address: address)
        guard !routes.isEmpty else { throw DeskError.noRoute }
        let now = clock()
        let plan = DispatchPlan(
            customer: customer.id, campaign: nil, key: key, digest: digest, messageClass: messageClass, topic: topic,
            routes: routes, inlineContent: try message.encoded(), answers: message.closes, dueAt: now,
            expiresAt: expiresAt, repeats: repeats && messageClass == .transactional)
        let planned = try await store.plan([plan], at: now)[0]
        guard !planned.isAnother else { throw DeskError.keyInUse }
        switch planned.obstacle {
        case .closed(let followUp): throw DeskError.closedFollowUp(followUp)
        case .answered(let followUp, let other): throw DeskError.answeredFollowUp(followUp, by: other)
        case nil: break
        }
        wake()
        return planned
    }
}
