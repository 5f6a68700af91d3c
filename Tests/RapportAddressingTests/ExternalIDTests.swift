import RapportCore
import Testing

@Suite("Other systems' names")
struct ExternalIDTests {
    private static let accepted = [
        Row("crm/12345", "id:crm/12345"),
        Row(" CRM.eu_1-a / Ana ", "id:crm.eu_1-a/Ana"),
        Row("crm/orders/5", "id:crm/orders/5"),
        Row("crm/erased/5", "id:crm/erased/5"), Row("erased.crm/5", "id:erased.crm/5"),
        Row("crm/a b?c#d", "id:crm/a%20b%3Fc%23d"),
        Row("crm/a%20b", "id:crm/a%20b"),
        Row("crm/100%", "id:crm/100%25"),
        Row("crm/%e7%94%A8", "id:crm/%E7%94%A8"),
        Row("crm/用", "id:crm/%E7%94%A8"),
        Row("crm/e\u{301}", "id:crm/%C3%A9"),
        // A vowel of which only the parts have a place in the order of marks.
        Row("crm/a\u{F73}\u{301}", "id:crm/%C3%A1%E0%BD%B1%E0%BD%B2"),
        Row("crm/" + String(repeating: "a", count: 512), "id:crm/" + String(repeating: "a", count: 512)),
    ]

    private static let refused = [
        Row("", .empty), Row("crm", .malformed), Row("/1", .malformed), Row("crm/", .malformed),
        Row("c r m/1", .malformed), Row("crm:eu/1", .malformed), Row("crmé/1", .malformed),
        Row("crm/a\nb", .malformed), Row("crm/a%0Ab", .malformed), Row("crm/a%00", .malformed),
        Row("crm/%7F1", .malformed), Row("crm/%FF", .malformed), Row("crm/a\u{202E}b", .malformed),
        // What stands in for the addresses of erased customers.
        Row("erased/0a1b", .malformed), Row(" ERASED /0a1b", .malformed),
        Row(String(repeating: "a", count: 65) + "/1", .tooLong),
        Row("crm/" + String(repeating: "a", count: 513), .tooLong),
        Row("crm/" + String(repeating: "用", count: 60), .tooLong),
        Row("crm/" + String(repeating: "a", count: 100_000), .tooLong),
    ]

    @Test("are taken as SYSTEM/NAME, twice over", arguments: accepted)
    func accepts(row: Row) throws {
        let address = try normalized(.id, row.written).get()
        #expect(address.uri == row.uri)
        #expect(try normalized(.id, address.value).get() == address)
    }

    @Test("are refused with a reason that does not repeat them", arguments: refused)
    func refuses(row: Row) throws {
        let error = try #require(throws: AddressError.self) { try normalized(.id, row.written).get() }
        #expect(error.code == row.code)
        #expect(row.written.utf8.count < 4 || !error.reason.contains(row.written))
    }
}
