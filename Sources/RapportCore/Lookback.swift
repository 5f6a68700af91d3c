/// Which dispatches of the past a contact policy can look at, from one instant on. All others change neither a verdict of
/// then or later nor its evidence, so that nobody has to read them, however many there are.
package struct Lookback: Hashable, Sendable {
    /// Of those that share something with a request.
    package struct Window: Hashable, Sendable {
        /// Those later than this matter, whatever they said; `nil`: none for its age alone.
        package var after: Timestamp?
        /// Those matter, however old, that are the same as the request: its campaign with its occurrence, its content or
        /// its offer.
        package var includesSame: Bool

        package init(after: Timestamp? = nil, includesSame: Bool = false) {
            self.after = after
            self.includesSame = includesSame
        }

        /// None at all.
        package static let nothing = Window()
        package static let everything = Window(
            after: Timestamp(milliseconds: .min), includesSame: true)

        package var isEmpty: Bool { after == nil && !includesSame }

        /// Now those later than this, too.
        package mutating func reach(_ instant: Timestamp) {
            after = after.map { min($0, instant) } ?? instant
        }
    }

    /// Of the customer's dispatches and the address's.
    package var own: Window
    /// Of those of the customer's household.
    package var household: Window

    package init(own: Window, household: Window) {
        self.own = own
        self.household = household
    }

    package static let nothing = Lookback(own: .nothing, household: .nothing)
    package static let everything = Lookback(own: .everything, household: .everything)
}
