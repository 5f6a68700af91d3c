import RapportAddressing
import RapportChannels
import RapportCore

extension HostileParser {
    static let writing: [HostileParser] = [keyword, address]

    private static let keyword = HostileParser(
        "keyword",
        samples: ["STOP", "Bitte nehmen Sie mich von der Liste, danke!", "请不要再给我发短信", "ＳＴＯＰ", "stóp please"],
        words: [
            "stop", "unsubscribe", "START", "HELP", "退订", "TD", "no more", "remove me", "\u{301}", "\u{200d}", "ﬃ",
        ],
        corpus: ["fixtures/text-vectors.json"]
    ) { bytes throws(BrokenPromise) in
        let text = String(decoding: bytes, as: UTF8.self)
        let request = KeywordReader.standard.request(in: text)
        guard KeywordReader.standard.request(in: text) == request else {
            throw BrokenPromise("the same text was read in two ways")
        }
    }

    /// The first byte says which kind of address it is meant to be.
    private static let address = HostileParser(
        "address",
        samples: [
            "0Ana@B\u{fc}cher.example", "0\"a b\"@[127.0.0.1]", "0\"\\\u{301} a\"@x.example",
            "1+49 (0)30 12345-67 ext. 8", "10138 0013 8000",
            "2crm/42",
            "3https://B\u{fc}cher.example:443/a%2fb?x#y", "4tel:+4930123", "4mailto:a@example.com",
        ],
        words: ["@", "xn--", "%", "+49", "\u{ff0b}", "\u{3002}", "[::1]", "\u{200f}", "://", ":0", ".."],
        sizeLimit: 1024
    ) { bytes throws(BrokenPromise) in
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        let raw: RawAddress =
            switch bytes.first {
            case UInt8(ascii: "0"): RawAddress(.mailto, text)
            case UInt8(ascii: "1"): RawAddress(.tel, text)
            case UInt8(ascii: "2"): RawAddress(.id, text)
            case UInt8(ascii: "3"): RawAddress(.https, text)
            default: RawAddress(guessing: text)
            }
        guard let address = try? AddressNormalizer().normalize(raw, region: "CN") else { return }
        guard let again = try? AddressNormalizer().normalize(RawAddress(guessing: address.uri), region: "CN"),
            again == address
        else { throw BrokenPromise("a normalized address is not its own normal form") }
    }
}
