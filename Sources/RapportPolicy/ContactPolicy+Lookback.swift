package import RapportCore

extension ContactPolicy {
    /// Which dispatches its rules can look at when they judge a request at `now`: those in the longest window of a `cap` or
    /// a `gap`, and those that a `duplicate` would name.
    package func lookback(from now: Timestamp) -> Lookback {
        rules.reduce(into: .nothing) { $1.widen(&$0, at: now) }
    }
}

extension Lookback {
    /// The window of what a rule with this scope looks at.
    subscript(scope: Scope) -> Window {
        get { scope == .household ? household : own }
        set {
            switch scope {
            case .customer, .address: own = newValue
            case .household: household = newValue
            }
        }
    }
}
