package import RapportCore

extension ContactPolicy {
    /// The classes of messages that an address which is suppressed for this reason does not get.
    package func classes(blockedBy reason: Suppression.Reason) -> [MessageClass] {
        let rule = rules.lazy.compactMap { $0 as? SuppressedRule }.first
        return MessageClass.allCases.filter { rule?.blocks(reason, $0.bit) ?? false }
    }
}
