/// Languages of a menu as Twilio names them: it takes no tag without a country, and answers one that it does not know
/// with an error instead of speech (twilio.com/docs/voice/twiml/say, …/gather, read 2026-11).
enum TwilioLanguage {
    /// Of `<Say>`.
    static func spoken(_ tag: String) -> String {
        let parts = tag.split(separator: "-").map(String.init)
        guard let language = parts.first?.lowercased() else { return tag }
        if let region = parts.dropFirst().last(where: { $0.utf8.count == 2 }) {
            return "\(language)-\(region.uppercased())"
        }
        if language == "zh", parts.contains(where: { $0.lowercased() == "hant" }) { return "zh-TW" }
        return countries[language].map { "\(language)-\($0)" } ?? tag
    }

    /// Of `<Gather>`, whose speech recognition has names of its own for what is spoken in China.
    static func heard(_ tag: String) -> String {
        let spoken = spoken(tag)
        return chinese[spoken] ?? spoken
    }

    private static let countries = [
        "ar": "AE", "ca": "ES", "cs": "CZ", "da": "DK", "de": "DE", "el": "GR", "en": "US", "es": "ES", "fi": "FI",
        "fr": "FR", "he": "IL", "hi": "IN", "hu": "HU", "id": "ID", "it": "IT", "ja": "JP", "ko": "KR", "nb": "NO",
        "nl": "NL", "pl": "PL", "pt": "PT", "ro": "RO", "ru": "RU", "sk": "SK", "sv": "SE", "th": "TH", "tr": "TR",
        "uk": "UA", "vi": "VN", "zh": "CN",
    ]

    private static let chinese = ["zh-CN": "cmn-Hans-CN", "zh-TW": "cmn-Hant-TW", "zh-HK": "yue-Hant-HK"]
}
