import Crypto
package import RapportCore

/// Names dispatches and customers to the outside so that nobody else can make up such a name.
///
/// A token is the id and 80 bits of an HMAC-SHA256 over the id (RFC 2104, section 5 allows the truncation), in lower-case
/// base 32, because mailbox names lose their case on the way. The three tokens of a message are three parts of one code,
/// because each code takes as long as a line of the message; a part tells nothing of the others.
package struct DispatchTokens: Sendable {
    /// Keyed, and told what it is for, once: each token goes on from a copy.
    private let message: HMAC<SHA256>
    private let customer: HMAC<SHA256>
    private let page: HMAC<SHA256>
    /// Of the return paths of earlier versions, which had a code of their own.
    private let earlierReturnPath: HMAC<SHA256>

    /// - Parameter secret: the hub's own; a new one makes all tokens that are out void.
    package init(secret: Secret) {
        let keyed = HMAC<SHA256>(key: SymmetricKey(data: secret.bytes))
        func started(_ word: String) -> HMAC<SHA256> {
            var code = keyed
            code.update(data: Array("\(word):".utf8))
            return code
        }
        message = started("delivery")
        customer = started("preferences")
        page = started("page")
        earlierReturnPath = started("return-path")
    }

    /// What a message's token may be used for; one purpose's token is worthless for another.
    package enum Purpose: Int, Sendable {
        /// In the Message-ID, which everybody sees who gets an answer, and the receipt's URL.
        case delivery
        /// In a mail's return path, which its recipient's server sees and nobody else.
        case returnPath
        /// In the address that mails unsubscribe at.
        case preferences
    }

    /// The tokens of one message, or of one of its ways.
    package struct OfMessage: Sendable {
        fileprivate let id: String
        fileprivate let code: HMAC<SHA256>.MAC

        package subscript(purpose: Purpose) -> String {
            DispatchTokens.text(id, code, from: purpose.rawValue * Base32.bytes)
        }
    }

    /// `d42-k3jq0v5m2x7a9bcd`, or `d42.1-…` of one of the ways that a message may take to several addresses, so that what
    /// comes back tells which of them it is about.
    ///
    /// - Parameter route: its place among the message's routes; `nil`: there is only one, and the tokens don't name it.
    package func tokens(of dispatch: DispatchID, route: Int? = nil) -> OfMessage {
        let id = route.map { "\(dispatch).\($0)" } ?? dispatch.description
        return OfMessage(id: id, code: Self.code(message, over: id))
    }

    /// The message, and the route where the token names one, when it is one of ours for this purpose. Case does not matter.
    package func verify(_ token: String, purpose: Purpose) -> (dispatch: DispatchID, route: Int?)? {
        let token = token.lowercased()
        let parts = token.prefix { $0 != "-" }.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let route = parts.count > 1 ? Int(parts[1]) : nil
        guard let dispatch = DispatchID(String(parts[0])) else { return nil }
        let tokens = tokens(of: dispatch, route: route)
        guard
            ConstantTime.equal(token, tokens[purpose])
                || earlier(purpose, of: tokens.id).map({ ConstantTime.equal(token, $0) }) ?? false
        else { return nil }
        return (dispatch, route)
    }

    /// What earlier versions made for the purpose, when it is another token than now.
    private func earlier(_ purpose: Purpose, of id: String) -> String? {
        switch purpose {
        case .delivery: nil
        case .returnPath: Self.text(id, Self.code(earlierReturnPath, over: id))
        case .preferences: Self.text(id, Self.code(customer, over: id))
        }
    }

    /// Of a preference link that names a customer and no message.
    package func token(for customer: CustomerID) -> String {
        let id = customer.description
        return Self.text(id, Self.code(self.customer, over: id))
    }

    /// The customer, when the token is one of ours. Case does not matter.
    package func verify(_ token: String) -> CustomerID? {
        let token = token.lowercased()
        guard let id = CustomerID(String(token.prefix { $0 != "-" })), ConstantTime.equal(token, self.token(for: id))
        else { return nil }
        return id
    }

    /// Of the preference link in the message that goes to this address: whoever knows it could read what was sent there.
    ///
    /// A message that takes another route has another link, so that the holder of the first address has not the second's.
    package func linkToken(for dispatch: DispatchID, at address: Address) -> String {
        let id = dispatch.description
        // The address is covered and not shown.
        return Self.text(id, Self.code(page, over: "\(id) \(address.uri)"))
    }

    /// Which message a link's token claims to be from; what it claims is to be verified with that message's address.
    package static func claimedDispatch(ofLink token: String) -> DispatchID? {
        DispatchID(String(token.lowercased().prefix { $0 != "-" }))
    }

    /// Whether the token is that of the link in the message to this address. Case does not matter.
    package func verify(link token: String, of dispatch: DispatchID, at address: Address) -> Bool {
        ConstantTime.equal(token.lowercased(), linkToken(for: dispatch, at: address))
    }

    private static func code(_ started: HMAC<SHA256>, over text: String) -> HMAC<SHA256>.MAC {
        var code = started
        var text = text
        text.withUTF8 { code.update(data: UnsafeRawBufferPointer($0)) }
        return code.finalize()
    }

    /// - Parameter first: of the code's bytes.
    private static func text(_ id: String, _ code: HMAC<SHA256>.MAC, from first: Int = 0) -> String {
        let length = id.utf8.count + 1
        return String(unsafeUninitializedCapacity: length + Base32.length) { text in
            _ = text.initialize(fromContentsOf: id.utf8)
            text.initializeElement(at: length - 1, to: UInt8(ascii: "-"))
            code.withUnsafeBytes { Base32.encode($0[first..<(first + Base32.bytes)], to: text[length...]) }
            return length + Base32.length
        }
    }
}

/// Crockford's alphabet in lower case: no letters that are taken for others, and no padding.
private enum Base32 {
    private static let alphabet: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"

    /// 80 bits.
    static let bytes = 10
    /// What they come to.
    static let length = 16

    /// Writes so many bytes, five bits to a letter.
    static func encode(_ bytes: Slice<UnsafeRawBufferPointer>, to text: Slice<UnsafeMutableBufferPointer<UInt8>>) {
        var buffer = 0
        var bits = 0
        var next = text.startIndex
        for byte in bytes {
            buffer = (buffer << 8 | Int(byte)) & 0xFFFF
            bits += 8
            while bits >= 5 {
                bits -= 5
                text.base.initializeElement(at: next, to: alphabet.utf8Start[buffer >> bits & 31])
                next += 1
            }
        }
    }
}
