import RapportApp
import RapportCore
import RapportLog

/// Finds the customer that an argument means: an id such as `c42`, or an address as people write it: a mailbox, a number
/// (in the configuration's region when it has no country code), `id:crm/1001`.
struct CustomerResolver {
    let store: any CustomerStoring
    let normalizer: any AddressNormalizing
    /// ISO 3166, for numbers without a country code.
    let region: String

    struct Found: Sendable {
        var customer: Customer
        /// The address that was given; `nil` for an id.
        var address: Address?
    }

    /// - Throws: `CustomerLookupError`, `StoreError`.
    func find(_ text: String) async throws -> Found {
        if let id = CustomerID(text) {
            guard let customer = try await store.customers([id])[id] else { throw CustomerLookupError.unknown(id) }
            return Found(customer: customer, address: nil)
        }
        let address = try address(text)
        let ids = try await store.customers(at: [address])[address] ?? []
        let customers = try await store.customers(ids)
        let found = ids.compactMap { customers[$0] }
        guard let customer = found.first else { throw CustomerLookupError.nobody(text) }
        guard found.count == 1 else { throw CustomerLookupError.several(text, found) }
        return Found(customer: customer, address: address)
    }

    /// - Throws: `CustomerLookupError.unreadable`.
    func address(_ text: String) throws -> Address {
        do throws(AddressError) {
            return try normalizer.normalize(Self.raw(text), region: region)
        } catch {
            throw CustomerLookupError.unreadable(text, reason: error.reason)
        }
    }

    /// A slash outside a mailbox is part of a name that another system gave: `crm/1001`.
    static func raw(_ text: String) -> RawAddress {
        guard !text.contains("@"), !text.contains(":"), text.contains("/"),
            text.contains(where: \.isLetter)
        else { return RawAddress(guessing: text) }
        return RawAddress(.id, text)
    }
}

/// Why an argument names no customer, or no single one. Sentences for people.
enum CustomerLookupError: Error, CustomStringConvertible {
    case unknown(CustomerID)
    case nobody(String)
    case unreadable(String, reason: String)
    case several(String, [Customer])

    var description: String {
        switch self {
        case .unknown(let id): "there is no customer \(id)"
        case .nobody(let text): "nobody with the address ‘\(PlainText.line(text))’ is known"
        case .unreadable(let text, let reason):
            "‘\(PlainText.line(text))’ is neither an id such as c42 nor an address: \(reason)"
        case .several(let text, let customers):
            "\(customers.count) customers share ‘\(PlainText.line(text))’; name one of them by id:"
                + customers.prefix(20).map { customer in
                    "\n  \(customer.id)  " + PlainText.line(customer.profile.name ?? "(no name)")
                }.joined()
        }
    }
}

extension HubContext {
    /// Finds the customer that an argument means.
    func resolve(customer text: String) async throws -> CustomerResolver.Found {
        try await resolver.find(text)
    }

    var resolver: CustomerResolver {
        CustomerResolver(store: store, normalizer: normalizer, region: configuration.region)
    }
}
