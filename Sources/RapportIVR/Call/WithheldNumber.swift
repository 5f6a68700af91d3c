/// What stands in place of a number that the caller withholds. All such callers together must not become one customer.
enum WithheldNumber {
    /// In words, or as the keys that spell them: `ANONYMOUS` is 266696687.
    private static let names: Set<String> = [
        "anonymous", "restricted", "blocked", "unknown", "unavailable", "private", "withheld", "266696687",
        "7378742833", "2562533", "8656696", "86282452253",
    ]

    static func contains(_ caller: String) -> Bool {
        let bare = caller.hasPrefix("+") ? String(caller.dropFirst()) : caller
        return names.contains(bare.lowercased())
    }
}
