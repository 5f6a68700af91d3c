import RapportCore

/// Addresses as the rows of the log write them: the way their source did (`Ana@Example.com`, `0138 0013 8000`) and not
/// as URIs.
struct WrittenAddresses {
    /// Folded, without the scheme.
    private var texts: Set<String> = []
    /// The digits of telephone numbers, with the country's.
    private var numbers: [String] = []

    /// Fewer digits than this are no number that could be told from another one's end.
    private static let shortestNumber = 7

    init(uris: some Sequence<String>) {
        for case let address? in uris.map({ Address(normalized: $0) }) {
            texts.insert(address.value.lowercased())
            if address.scheme == .tel { numbers.append(String(address.value.drop { $0 == "+" })) }
        }
    }

    /// A number may be written without its country, then its end decides.
    func contain(_ text: String?) -> Bool {
        guard let text, !texts.isEmpty else { return false }
        let bare = Self.withoutScheme(text).lowercased()
        if texts.contains(bare) { return true }
        guard !numbers.isEmpty, let digits = Self.digits(of: bare) else { return false }
        if bare.first == "+" { return numbers.contains(digits) }
        let national = digits.drop { $0 == "0" }
        return national.utf8.count >= Self.shortestNumber && numbers.contains { $0.hasSuffix(national) }
    }

    private static func withoutScheme(_ text: String) -> Substring {
        guard let colon = text.firstIndex(of: ":"), Address.Scheme(rawValue: text[..<colon].lowercased()) != nil else {
            return text[...]
        }
        return text[text.index(after: colon)...]
    }

    /// `nil` for what is no telephone number.
    private static func digits(of text: String) -> String? {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        return text.allSatisfy { ($0.isASCII && $0.isNumber) || "+-()./ ".contains($0) } ? digits : nil
    }
}
