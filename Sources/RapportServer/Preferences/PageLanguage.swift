/// The languages that the hub's own pages speak.
enum PageLanguage: String, CaseIterable, Sendable {
    case english = "en"
    case chinese = "zh"

    /// The customer's own language decides; English for every one that the pages don't speak. Without one, what the
    /// browser prefers (RFC 9110, section 12.5.4).
    init(customer: String?, acceptLanguage: String?) {
        if let customer, !customer.isEmpty {
            self = Self.of(tag: customer) ?? .english
        } else {
            self = Self.preferred(in: acceptLanguage ?? "") ?? .english
        }
    }

    private static func of(tag: some StringProtocol) -> PageLanguage? {
        let primary = tag.prefix { $0 != "-" && $0 != "_" }.lowercased()
        return PageLanguage(rawValue: primary)
    }

    private static func preferred(in header: String) -> PageLanguage? {
        var best: (language: PageLanguage, weight: Double)?
        for entry in header.split(separator: ",").prefix(20) {
            let parts = entry.split(separator: ";").map { $0.filter { !$0.isWhitespace } }
            guard let tag = parts.first, let language = of(tag: tag) else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if weight > (best?.weight ?? 0) { best = (language, weight) }
        }
        return best?.language
    }
}
