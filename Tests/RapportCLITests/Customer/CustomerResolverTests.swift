import RapportApp
import RapportCore
import RapportHub
import Testing

@testable import RapportCLI

@Suite("A customer argument")
struct CustomerResolverTests {
    @Test(
        "is an id or an address, however it is written",
        arguments: [
            "ana@example.com", "ANA@Example.COM", "mailto:ana@example.com", "13800138000", "0138 0013 8000",
            "+86 138 0013 8000", "tel:+8613800138000", "id:crm/1001", "crm/1001",
        ])
    func forms(text: String) async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1001,Ana,ana@example.com,13800138000,Berlin,")
        let byAddress = try await desk.hub.resolve(customer: text)
        #expect(byAddress.customer.profile.name == "Ana")
        #expect(byAddress.address != nil)
        let byID = try await desk.hub.resolve(customer: byAddress.customer.id.description)
        #expect(byID.customer == byAddress.customer)
        #expect(byID.address == nil)
        try await desk.close()
    }

    @Test("that several customers share is refused, and they are listed")
    func several() async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1,Li Ming,,13800138000,,", "crm/2,Li Jing,,13800138000,,")
        let error = await #expect(throws: CustomerLookupError.self) {
            try await desk.hub.resolve(customer: "13800138000")
        }
        let text = try #require(error).description
        #expect(text.hasPrefix("2 customers share ‘13800138000’"))
        #expect(text.contains("Li Ming") && text.contains("Li Jing"))
        try await desk.close()
    }

    @Test(
        "that names nobody says so",
        arguments: [
            ("c99", "there is no customer c99"), ("nobody@example.com", "nobody with the address"),
            ("ana@", "neither an id such as c42 nor an address"), ("c42x", "neither an id such as c42 nor an address"),
        ])
    func nobody(text: String, expected: String) async throws {
        let desk = try await DeskFixture()
        let error = await #expect(throws: CustomerLookupError.self) { try await desk.hub.resolve(customer: text) }
        #expect(try #require(error).description.contains(expected))
        try await desk.close()
    }

    @Test("that was merged away leads to the one it is part of")
    func merged() async throws {
        let desk = try await DeskFixture()
        try await desk.imports("crm/1,Ana,ana@example.com,,,", "crm/2,Anna,anna@example.com,,,")
        let first = try await desk.hub.resolve(customer: "crm/1").customer.id
        let second = try await desk.hub.resolve(customer: "crm/2").customer.id
        _ = try await desk.hub.customerDesk(adapter: "cli", author: "lena").merge(first, into: second)
        #expect(try await desk.hub.resolve(customer: first.description).customer.id == second)
        #expect(try await desk.hub.resolve(customer: "ana@example.com").customer.id == second)
        try await desk.close()
    }
}
