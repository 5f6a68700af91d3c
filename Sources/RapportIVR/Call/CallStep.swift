/// What a caller hears next and what is then expected of them; the adapters write it as TwiML or JSON.
struct CallStep: Hashable, Sendable {
    struct Prompt: Hashable, Sendable {
        var language: String
        var text: String
        var voice: String?
    }

    enum Then: Hashable, Sendable {
        case gather(Menu.Gather)
        case record(Menu.Record)
        case hangUp
    }

    var said: [Prompt]
    var then: Then
    /// What the answer has to bring back.
    var state: CallState
    /// Of the words to listen for.
    var language: String?
}
