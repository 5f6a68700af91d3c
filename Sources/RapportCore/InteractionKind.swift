/// What happened, as a dotted word. The vocabulary is closed, but for a business's own `event.<name>`.
package struct InteractionKind: Hashable, Sendable, RawRepresentable {
    package let rawValue: String

    /// `nil` for a word outside the vocabulary. `event.` takes 1 to 80 of `a-z 0-9 . _ -`.
    package init?(rawValue: String) {
        guard Self.vocabulary.contains(rawValue) || Self.isOwnEvent(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    private init(known word: String) {
        rawValue = word
    }

    private static func isOwnEvent(_ word: String) -> Bool {
        guard word.hasPrefix("event.") else { return false }
        let name = word.utf8.dropFirst(6)
        return (1...80).contains(name.count)
            && name.allSatisfy(isPlain)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (48...57).contains(byte) || byte == 46 || byte == 95 || byte == 45
    }

    /// Folds any name into an own event: `Order Paid` becomes `event.order-paid`. Empty names become `event.unnamed`.
    package static func event(_ name: String) -> InteractionKind {
        if (1...80).contains(name.utf8.count), name.utf8.allSatisfy(isPlain) {
            return InteractionKind(known: "event." + name)
        }
        var folded = ""
        for scalar in name.lowercased().unicodeScalars.prefix(80) {
            switch scalar {
            case "a"..."z", "0"..."9", ".", "_", "-": folded.unicodeScalars.append(scalar)
            default: folded += "-"
            }
        }
        return InteractionKind(known: "event." + (folded.isEmpty ? "unnamed" : folded))
    }

    // Messages
    package static let messageReceived = InteractionKind(known: "message.received")
    /// Answered by a machine (RFC 3834); opens nothing.
    package static let messageAutoReply = InteractionKind(known: "message.auto-reply")
    /// Handed to the provider or the next server.
    package static let messageSent = InteractionKind(known: "message.sent")
    package static let messageRead = InteractionKind(known: "message.read")
    package static let linkClicked = InteractionKind(known: "link.clicked")

    // What became of a message
    package static let deliveryAccepted = InteractionKind(known: "delivery.accepted")
    package static let deliveryDeferred = InteractionKind(known: "delivery.deferred")
    package static let deliveryDelivered = InteractionKind(known: "delivery.delivered")
    package static let deliveryBounced = InteractionKind(known: "delivery.bounced")
    package static let deliveryFailed = InteractionKind(known: "delivery.failed")
    /// The sender died or the line broke between handing off and hearing the answer.
    package static let deliveryUnknown = InteractionKind(known: "delivery.unknown")
    package static let complaintReceived = InteractionKind(known: "complaint.received")

    // Preferences
    package static let consentGranted = InteractionKind(known: "consent.granted")
    package static let consentDenied = InteractionKind(known: "consent.denied")
    package static let consentPending = InteractionKind(known: "consent.pending")
    package static let preferencesChanged = InteractionKind(known: "preferences.changed")
    /// A sentence that reads like a wish to be left alone; a person should look.
    package static let optOutProbable = InteractionKind(known: "opt-out.probable")
    package static let suppressionAdded = InteractionKind(known: "suppression.added")
    package static let suppressionLifted = InteractionKind(known: "suppression.lifted")

    // Telephone
    package static let callStarted = InteractionKind(known: "call.started")
    package static let callAnswered = InteractionKind(known: "call.answered")
    package static let callDigits = InteractionKind(known: "call.digits")
    package static let callSpeech = InteractionKind(known: "call.speech")
    package static let callRecorded = InteractionKind(known: "call.recorded")
    package static let callCallbackRequested = InteractionKind(known: "call.callback-requested")
    package static let callCompleted = InteractionKind(known: "call.completed")
    package static let callMissed = InteractionKind(known: "call.missed")

    // Customers and follow-ups
    package static let customerImported = InteractionKind(known: "customer.imported")
    package static let customerUpdated = InteractionKind(known: "customer.updated")
    package static let customerMerged = InteractionKind(known: "customer.merged")
    package static let customerUnmerged = InteractionKind(known: "customer.unmerged")
    /// A colleague said that two customers are not one.
    package static let customerToldApart = InteractionKind(known: "customer.told-apart")
    package static let customerErased = InteractionKind(known: "customer.erased")
    package static let identityConflict = InteractionKind(known: "identity.conflict")
    package static let followUpOpened = InteractionKind(known: "follow-up.opened")
    package static let followUpClosed = InteractionKind(known: "follow-up.closed")
    package static let followUpAssigned = InteractionKind(known: "follow-up.assigned")
    package static let noteAdded = InteractionKind(known: "note.added")

    // What we could not read
    /// Ours already (a mail, a receipt) and not readable; the raw bytes are kept.
    package static let unparsed = InteractionKind(known: "unparsed")
    /// Readable, but of a kind or status that we have no word for.
    package static let unknown = InteractionKind(known: "unknown")

    /// Every word but the open `event.` ones.
    package static let all: [InteractionKind] = [
        messageReceived, messageAutoReply, messageSent, messageRead, linkClicked, deliveryAccepted, deliveryDeferred,
        deliveryDelivered, deliveryBounced, deliveryFailed, deliveryUnknown, complaintReceived, consentGranted,
        consentDenied, consentPending, preferencesChanged, optOutProbable, suppressionAdded, suppressionLifted,
        callStarted, callAnswered, callDigits, callSpeech, callRecorded, callCallbackRequested, callCompleted,
        callMissed, customerImported, customerUpdated, customerMerged, customerUnmerged, customerToldApart,
        customerErased, identityConflict, followUpOpened, followUpClosed, followUpAssigned, noteAdded, unparsed,
        unknown,
    ]

    private static let vocabulary = Set(all.map(\.rawValue))
}

extension InteractionKind: CustomStringConvertible, Codable {
    package var description: String { rawValue }
}
