extension Spoken {
    /// `1 address`, `2 addresses`; without a plural of its own the noun takes an s.
    static func count(_ number: Int, _ one: String, _ many: String? = nil) -> String {
        "\(number) " + (number == 1 ? one : many ?? one + "s")
    }
}
