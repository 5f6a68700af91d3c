import RapportChannels
import RapportCore
import Testing

@Suite("Tokens of dispatches and customers")
struct DispatchTokenTests {
    private let tokens = DispatchTokens(secret: Secret("a secret for tests"))

    @Test("are what any HMAC makes of purpose and id, so that those that are out stay good")
    func known() {
        #expect(tokens.token(for: DispatchID(42), purpose: .delivery) == "d42-aj7xjszk5vd3ww9e")
        #expect(tokens.token(for: CustomerID(7), purpose: .preferences) == "c7-aa2s2ff3za035k2j")
        let long = DispatchTokens(secret: Secret(String(repeating: "long ", count: 40)))
        #expect(long.token(for: DispatchID(.max), purpose: .delivery).utf8.count == 37)
    }

    @Test("are recognised in any case, for their purpose and their kind only")
    func verified() {
        let token = tokens.token(for: DispatchID(42), purpose: .delivery)
        for text in [token, token.uppercased()] {
            #expect(tokens.verify(text, as: DispatchKind.self, purpose: .delivery) == DispatchID(42))
        }
        for purpose in [DispatchTokens.Purpose.preferences, .returnPath] {
            #expect(tokens.verify(token, as: DispatchKind.self, purpose: purpose) == nil)
        }
        #expect(tokens.verify(token, as: CustomerKind.self, purpose: .delivery) == nil)
        let other = DispatchTokens(secret: Secret("another secret"))
        #expect(other.verify(token, as: DispatchKind.self, purpose: .delivery) == nil)
    }

    @Test(
        "nothing else passes for one",
        arguments: [
            "", "-", "d42", "d42-", "d42-aj7xjszk5vd3ww9", "d42-aj7xjszk5vd3ww9e-", "d42-aj7xjszk5vd3ww9f",
            "d042-aj7xjszk5vd3ww9e", "d+42-aj7xjszk5vd3ww9e", " d42-aj7xjszk5vd3ww9e", "d43-aj7xjszk5vd3ww9e",
            "d42-aj7xjszk5vd3ww9é",
        ])
    func refused(text: String) {
        #expect(tokens.verify(text, as: DispatchKind.self, purpose: .delivery) == nil)
    }

    @Test("name the way of a message that may take several, and can be told from those that name none")
    func routes() {
        let (id, purpose) = (DispatchID(42), DispatchTokens.Purpose.returnPath)
        let token = tokens.token(for: id, route: 1, purpose: purpose)
        #expect(token.hasPrefix("d42.1-"))
        for text in [token, token.uppercased()] {
            let found = tokens.verifyRoute(text, purpose: purpose)
            #expect(found?.dispatch == id && found?.route == 1)
        }
        let plain = tokens.token(for: id, route: nil, purpose: purpose)
        #expect(plain == tokens.token(for: id, purpose: purpose))
        let found = tokens.verifyRoute(plain, purpose: purpose)
        #expect(found?.dispatch == id && found?.route == nil)
        let beginnings = ["", "d42.0-", "d42.01-", "d42.-", "d42-", "d42.1.1-", "d43.1-"]
        let others = beginnings.map { token.replacing("d42.1-", with: $0) } + ["", "-", ".", "d42.1-"]
        for text in others { #expect(tokens.verifyRoute(text, purpose: purpose)?.dispatch == nil) }
        #expect(tokens.verifyRoute(token, purpose: .delivery)?.dispatch == nil)
        #expect(tokens.verify(token, as: DispatchKind.self, purpose: purpose) == nil)
    }

    @Test("a link's is of one message and one address, and of no other purpose")
    func link() throws {
        let ana = try #require(Address(normalized: "mailto:ana@example.com"))
        let bo = try #require(Address(normalized: "mailto:bo@example.com"))
        let token = tokens.linkToken(for: DispatchID(42), at: ana)
        #expect(token == "d42-43smng8v7esk37an")
        for text in [token, token.uppercased()] {
            #expect(DispatchTokens.claimedDispatch(ofLink: text) == DispatchID(42))
            #expect(tokens.verify(link: text, of: DispatchID(42), at: ana))
            #expect(!tokens.verify(link: text, of: DispatchID(42), at: bo))
            #expect(!tokens.verify(link: text, of: DispatchID(43), at: ana))
        }
        for purpose in [DispatchTokens.Purpose.delivery, .returnPath, .preferences] {
            #expect(tokens.verify(token, as: DispatchKind.self, purpose: purpose) == nil)
            let other = tokens.token(for: DispatchID(42), purpose: purpose)
            #expect(!tokens.verify(link: other, of: DispatchID(42), at: ana))
        }
        #expect(DispatchTokens.claimedDispatch(ofLink: "c7-aa2s2ff3za035k2j") == nil)
    }
}
