import Testing

@testable import RapportCore

@Suite("Addresses that are normalized already")
struct AddressTests {
    @Test(
        "are read by their scheme",
        arguments: [
            ("mailto:ana@example.com", .mailto, "ana@example.com"), ("tel:+8613800138000", .tel, "+8613800138000"),
            ("id:crm/12345:6", .id, "crm/12345:6"), ("mailto:é@example.com", .mailto, "é@example.com"),
        ] as [(String, Address.Scheme, String)])
    func taken(uri: String, scheme: Address.Scheme, value: String) throws {
        let address = try #require(Address(normalized: uri))
        #expect(address.scheme == scheme)
        #expect(address.value == value)
        #expect(address.deliverableURI == uri)
    }

    @Test(
        "are none without a scheme of ours and something behind it, or with a mark on the colon",
        arguments: [
            "", ":", ":ana", "mailto", "mailto:", "MAILTO:ana@example.com", "ftp:host", "mailto:\u{301}ana@example.com",
            "id:\u{200D}crm/1",
        ])
    func refused(uri: String) {
        #expect(Address(normalized: uri) == nil)
    }
}
