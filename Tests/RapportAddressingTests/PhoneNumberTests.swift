import Foundation
import RapportCore
import RapportTestSupport
import Testing

@Suite("Telephone numbers")
struct PhoneNumberTests {
    private static let accepted = [
        Row("138 0013 8000", "tel:+8613800138000"),
        Row("+86 (138) 0013-8000", "tel:+8613800138000"),
        Row("8613800138000", "tel:+8613800138000"),
        Row("0086 138 0013 8000", "tel:+8613800138000"),
        Row("010-8888 8888", "tel:+861088888888"),
        Row("１３８００１３８０００", "tel:+8613800138000"),
        Row("＋８６　１３８　００１３　８０００", "tel:+8613800138000"),
        Row("+٤٤٢٠٧٠٣١٣٠٠٠", "tel:+442070313000"),
        Row("\u{202A}+86 138 0013 8000\u{202C}", "tel:+8613800138000"),
        // Without its plus, and not a number of the region.
        Row("447911123456", "tel:+447911123456"),
        // The zero in front belongs to an Italian number.
        Row("+39 06 6982", "tel:+39066982"),
    ]

    private static let refused = [
        Row("", .empty), Row("hello", .number), Row("12", .number), Row("95588", .number), Row("110", .number),
        Row("+999 123456789", .number), Row("+86 138 0013 8000 ext. 12", .number), Row("+", .number),
        Row("138001380001380013800", .number), Row("+86\u{0}13800138000", .number),
        Row(String(repeating: "1", count: 129), .tooLong), Row(String(repeating: "1", count: 100_000), .tooLong),
    ]

    @Test("become E.164, twice over", arguments: accepted)
    func accepts(row: Row) throws {
        let address = try normalized(.tel, row.written).get()
        #expect(address.uri == row.uri && address.deliverableURI == row.uri)
        #expect(try normalized(.tel, address.value, region: "").get() == address)
    }

    @Test("are refused with a reason that does not repeat them", arguments: refused)
    func refuses(row: Row) throws {
        let error = try #require(throws: AddressError.self) { try normalized(.tel, row.written).get() }
        #expect(error.code == row.code)
        #expect(row.written.utf8.count < 2 || !error.reason.contains(row.written))
    }

    @Test(
        "say what is wrong with them",
        arguments: [
            ("95588", "CN", "the number is a short code, not a subscriber's number"),
            ("112", "DE", "the number is a short code, not a subscriber's number"),
            ("567-1234", "US", "the number lacks its area code"),
            ("0788383383", "", "the number has no country code, and no region is known to read it by"),
            ("0788383383", "ZZ", "the number has no country code, and no region is known to read it by"),
            ("+1 917 992 5253 x5", "CN", "the number has an extension, which E.164 can't say"),
            ("+86 138", "CN", "the number is too short"),
        ])
    func reasons(text: String, region: String, reason: String) {
        #expect(throws: AddressError(.number, reason)) { try normalized(.tel, text, region: region).get() }
    }

    @Test("are read by the region's plan, whatever its case", arguments: ["GB", "gb"])
    func region(region: String) throws {
        #expect(try normalized(.tel, "07531669965", region: region).get().uri == "tel:+447531669965")
    }

    /// The vectors' product also keeps short codes and sender names as addresses; to us they are none, so what it
    /// takes without a plus is refused here.
    @Test("of another product's vectors are read as there", .enabled(if: Fixtures.isPresent))
    func vectors() throws {
        let all = try JSONSerialization.jsonObject(with: Data(try Fixtures.bytes("text-vectors.json")))
        let section = try #require((all as? [String: Any])?["phone_e164"] as? [String: Any])
        var seen = 0
        for (list, result, prefix) in [("parse_phone", "urn", "tel:"), ("parse_number", "number", "")] {
            for vector in try #require(section[list] as? [[String: Any]]) {
                seen += 1
                let input = try #require(vector["input"] as? String)
                let region = try #require(vector["country"] as? String)
                let expected = try #require(vector[result] as? String)
                let outcome = normalized(.tel, input, region: region)
                if expected.hasPrefix(prefix + "+") {
                    #expect((try? outcome.get().value) == String(expected.dropFirst(prefix.count)), "\(vector)")
                } else {
                    #expect(throws: AddressError.self, "\(vector)") { try outcome.get() }
                }
            }
        }
        #expect(seen > 40)
    }

    @Test("are read by many threads at once")
    func threads() async throws {
        await withTaskGroup(of: Bool.self) { group in
            for index in 0..<64 {
                group.addTask {
                    let text = "138001380\(String(index).leftPadded)"
                    return (try? normalized(.tel, text).get().uri) == "tel:+86\(text)"
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}

extension String {
    fileprivate var leftPadded: String { count < 2 ? "0" + self : self }
}
