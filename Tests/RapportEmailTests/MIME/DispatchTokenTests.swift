import RapportChannels
import RapportCore
import Testing

@Suite("Tokens of dispatches and customers")
struct DispatchTokenTests {
    private let tokens = DispatchTokens(secret: Secret("a secret for tests"))

    private static let purposes: [DispatchTokens.Purpose] = [.delivery, .returnPath, .preferences]

    @Test("are what any HMAC makes of the id, so that those that are out stay good")
    func known() {
        let own = tokens.tokens(of: DispatchID(42))
        #expect(
            Self.purposes.map { own[$0] } == ["d42-aj7xjszk5vd3ww9e", "d42-r9fk3jnj6agevzks", "d42-cjg5wvtg71x4yw0m"])
        #expect(tokens.token(for: CustomerID(7)) == "c7-aa2s2ff3za035k2j")
        let long = DispatchTokens(secret: Secret(String(repeating: "long ", count: 40)))
        #expect(long.tokens(of: DispatchID(.max))[.delivery].utf8.count == 37)
    }

    @Test(
        "that earlier versions gave out are good, for their purpose only",
        arguments: [
            ("d42-dfrk99qq081crxva", DispatchTokens.Purpose.returnPath, Int?.none),
            ("d42-q3nsta40rw73rcnh", .preferences, nil), ("d42.1-ss1reqyepm3r837d", .returnPath, 1),
            ("d42.1-4tx91hme3mrnmtcq", .preferences, 1),
        ])
    func earlier(token: String, purpose: DispatchTokens.Purpose, route: Int?) {
        for text in [token, token.uppercased()] {
            let found = tokens.verify(text, purpose: purpose)
            #expect(found?.dispatch == DispatchID(42) && found?.route == route)
        }
        for other in Self.purposes where other != purpose { #expect(tokens.verify(token, purpose: other) == nil) }
    }

    @Test("are recognised in any case, for their purpose and their kind only")
    func verified() {
        for purpose in Self.purposes {
            let token = tokens.tokens(of: DispatchID(42))[purpose]
            for text in [token, token.uppercased()] {
                #expect(tokens.verify(text, purpose: purpose)?.dispatch == DispatchID(42))
            }
            for other in Self.purposes where other != purpose { #expect(tokens.verify(token, purpose: other) == nil) }
            #expect(tokens.verify(token) == nil)
            let stranger = DispatchTokens(secret: Secret("another secret"))
            #expect(stranger.verify(token, purpose: purpose) == nil)
        }
        let customer = tokens.token(for: CustomerID(7))
        #expect(tokens.verify(customer) == CustomerID(7) && tokens.verify(customer.uppercased()) == CustomerID(7))
        #expect(Self.purposes.allSatisfy { tokens.verify(customer, purpose: $0) == nil })
    }

    @Test(
        "nothing else passes for one",
        arguments: [
            "", "-", "d42", "d42-", "d42-aj7xjszk5vd3ww9", "d42-aj7xjszk5vd3ww9e-", "d42-aj7xjszk5vd3ww9f",
            "d042-aj7xjszk5vd3ww9e", "d+42-aj7xjszk5vd3ww9e", " d42-aj7xjszk5vd3ww9e", "d43-aj7xjszk5vd3ww9e",
            "d42-aj7xjszk5vd3ww9é", "d42.0-aj7xjszk5vd3ww9e",
        ])
    func refused(text: String) {
        #expect(tokens.verify(text, purpose: .delivery) == nil)
    }

    @Test("name the way of a message that may take several, and can be told from those that name none")
    func routes() {
        let (id, purpose) = (DispatchID(42), DispatchTokens.Purpose.returnPath)
        let token = tokens.tokens(of: id, route: 1)[purpose]
        #expect(token.hasPrefix("d42.1-"))
        for text in [token, token.uppercased()] {
            let found = tokens.verify(text, purpose: purpose)
            #expect(found?.dispatch == id && found?.route == 1)
        }
        let found = tokens.verify(tokens.tokens(of: id)[purpose], purpose: purpose)
        #expect(found?.dispatch == id && found?.route == nil)
        let beginnings = ["", "d42.0-", "d42.01-", "d42.-", "d42-", "d42.1.1-", "d43.1-"]
        let others = beginnings.map { token.replacing("d42.1-", with: $0) } + ["", "-", ".", "d42.1-"]
        for text in others { #expect(tokens.verify(text, purpose: purpose)?.dispatch == nil) }
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
        for purpose in Self.purposes {
            #expect(tokens.verify(token, purpose: purpose) == nil)
            let other = tokens.tokens(of: DispatchID(42))[purpose]
            #expect(!tokens.verify(link: other, of: DispatchID(42), at: ana))
        }
        #expect(DispatchTokens.claimedDispatch(ofLink: "c7-aa2s2ff3za035k2j") == nil)
    }
}
