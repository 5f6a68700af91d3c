import RapportChannels
import RapportCore
import RapportLog

extension IntakeDraft {
    /// Finds the customer, or makes one for an unknown address.
    mutating func identify(facts: IntakeFacts) {
        if let named = event.customer {
            settle(on: facts.customers[named])
            compareAddresses(facts: facts)
            return
        }
        // A receipt is about whoever we sent to, and a wish to leave that holds our token is theirs, whatever mailbox it
        // was written from; but not when somebody whom we know writes under a name that others have seen.
        let isTheirs = event.isDispatchTheirs || !resolved.addresses.contains { facts.isKnown($0) }
        if event.isReported { hearReport(facts: facts) }
        if event.delivery != nil || !isHeard, let dispatch {
            settle(on: facts.customers[dispatch.customer])
            return
        }
        if asksToLeave, isTheirs, let dispatch {
            let reader = reader(of: dispatch, facts: facts)
            settle(on: facts.customers[reader.customer])
            if !reader.isSure, !event.isReported, let sentTo {
                leavesAlone = [sentTo]
                if let sender = resolved.addresses.first, sender != sentTo { leavesAlone.append(sender) }
            }
            return
        }
        if let caller = customerOfExchange(facts: facts) {
            settle(on: caller)
            return
        }
        let found = IdentityResolution(
            addresses: resolved.addresses, customersByAddress: facts.customersByAddress)
        conflicts = found.conflicts
        if let id = found.customer, let known = facts.customers[id] {
            settle(on: known)
            if isFromCustomer { attach(found.unknown) }
        } else if isFromCustomer, !resolved.addresses.isEmpty || isWorthAFollowUp {
            create(with: resolved.addresses)
        } else if !resolved.addresses.isEmpty, event.changesConsent && isHeard || isWorthAFollowUp {
            // A no, or a wish to be called back, holds also when it was we who called, or a machine that wrote for them.
            create(with: resolved.addresses)
        } else if resolved.addresses.isEmpty, let dispatch {
            settle(on: facts.customers[dispatch.customer])
        }
    }

    /// What a machine reports is heard of the recipient of a message of ours, at the address that this went to, or,
    /// when it has left over another channel since and the report names no way, at the one that is named and theirs. It
    /// may name nobody, or write the recipient as nobody can read it (RFC 6590); but what it tells of somebody else,
    /// whom we know and who was sent a copy, is not the recipient's.
    private mutating func hearReport(facts: IntakeFacts) {
        isHeard = false
        guard let dispatch else { return }
        let own = facts.customers[dispatch.customer]?.addresses ?? []
        let candidates = [sentTo].compactMap { $0 } + resolved.addresses.filter { own.contains($0) }
        guard let address = candidates.first(where: { $0.scheme.carries(event.channel) }) else { return }
        isHeard = resolved.addresses.contains(address) || !resolved.addresses.contains(where: facts.isKnown)
        if isHeard { leavesAlone = [address] }
    }

    /// A wish to leave whose sender can't be read is not lost: somebody without an address waits for a person to look.
    mutating func keepStrandedWish() {
        let asks = event.requests.contains { if case .stop = $0 { true } else { false } } || asksToLeave
        guard asks, isHeard, customer == nil, event.customer == nil, resolved.addresses.isEmpty else { return }
        isStranded = true
        create(with: [])
    }

    /// A customer who is named by their id may come with addresses: new ones are theirs from now on, and whoever else has
    /// one is noted.
    private mutating func compareAddresses(facts: IntakeFacts) {
        guard let customer, !customer.erased else { return }
        for address in resolved.addresses {
            let owners = facts.customersByAddress[address] ?? []
            if owners.isEmpty, isFromCustomer { attach([address]) }
            if !owners.contains(customer.id) { conflicts += owners.filter { !conflicts.contains($0) } }
        }
    }

    /// Whoever an earlier event of the same call was from. An event that names another customer's address, or a new one,
    /// is not theirs for that: calls are put through.
    private func customerOfExchange(facts: IntakeFacts) -> Customer? {
        guard let key = resolved.exchangeKey, let id = facts.conversations[key]?.customer,
            let caller = facts.customers[id], !caller.erased
        else { return nil }
        let isTheirs = resolved.addresses.isEmpty || resolved.addresses.contains(where: caller.addresses.contains)
        return isTheirs ? caller : nil
    }

    /// Whose a wish to leave is that holds our token: the customer's to whom the message went, as long as they have its
    /// address, and after an unmerge the one's who has it again. Where several have it, it is of the one who writes from
    /// another address of theirs; else, and where nobody has it, it can't be told.
    ///
    /// A message that has taken a route of another channel since says no more where its mail went, unless the token
    /// names the way.
    private func reader(of dispatch: DispatchSummary, facts: IntakeFacts) -> (customer: CustomerID, isSure: Bool) {
        guard let sentTo, sentTo.scheme.carries(event.channel) else { return (dispatch.customer, true) }
        let owners = facts.customersByAddress[sentTo] ?? []
        guard !owners.contains(dispatch.customer) else { return (dispatch.customer, true) }
        let senders = owners.filter { owner in
            resolved.addresses.contains { facts.customersByAddress[$0]?.contains(owner) == true }
        }
        let reader = senders.count == 1 ? senders[0] : owners.first
        return (reader ?? dispatch.customer, owners.count == 1 || senders.count == 1)
    }

    private var asksToLeave: Bool {
        event.requests.contains { if case .optOut = $0 { true } else { false } }
    }

    private mutating func settle(on known: Customer?) {
        customer = known
        interaction.customer = known?.id
    }

    private mutating func create(with addresses: [Address]) {
        let id = CustomerID(position)
        var created = Customer(id: id)
        created.profile.name = event.attributes["name"]
        created.profile.language = event.language
        settle(on: created)
        add(.customerCreated(id))
        if created.profile != Customer.Profile() { add(.profileSet(id, created.profile)) }
        attach(addresses)
    }

    private mutating func attach(_ addresses: [Address]) {
        guard let id = customer?.id else { return }
        for address in addresses {
            customer?.addresses.append(address)
            add(.addressAttached(id, address))
        }
    }
}
