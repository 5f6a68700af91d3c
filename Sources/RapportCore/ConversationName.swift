/// The names that the hub gives to conversations of its own accord: whatever is said in one has the same.
package enum ConversationName {
    /// What follows from one message of ours.
    package static func dispatch(_ id: DispatchID) -> String { "dispatch:\(id)" }

    /// A thread of mails that begins with this one.
    package static func mail(_ first: InteractionID) -> String { "mail:\(first)" }

    /// Texts to and from one customer.
    package static func sms(_ customer: CustomerID) -> String { "sms:\(customer)" }
}
