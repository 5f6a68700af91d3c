/// Whose dispatches a rule looks at.
enum Scope: String, Sendable, CaseIterable {
    case customer
    case address
    /// Nothing matches a customer without a household.
    case household

    var likeness: DispatchTrace.Likeness {
        switch self {
        case .customer: .customer
        case .address: .address
        case .household: .household
        }
    }
}
