extension InteractionKind {
    /// What another system may tell the hub in words of its own, beside the events of a business (`event.NAME`).
    ///
    /// Everything else is the hub's to say, because it comes with effects that a kind alone doesn't have: consents come
    /// through preferences and keywords, receipts through their adapters, merges from the desk.
    package static let told: [InteractionKind] = [
        .messageReceived, .messageAutoReply, .messageSent, .messageRead, .linkClicked, .callStarted, .callAnswered,
        .callDigits, .callSpeech, .callRecorded, .callCallbackRequested, .callCompleted, .callMissed, .noteAdded,
    ]

    package var mayBeTold: Bool { Self.told.contains(self) || rawValue.hasPrefix("event.") }
}
