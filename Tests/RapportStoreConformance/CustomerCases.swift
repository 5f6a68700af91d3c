import RapportCore
import RapportLog
import Testing

/// `CustomerStoring`: who the customers are.
enum CustomerCases {
    static let all: [StoreCase] = [
        StoreCase("customers are found by id; unknown ids are left out") { stage in
            let ana = try await stage.customer("mailto:ana@example.com", profile: Customer.Profile(name: "Ana"))
            let found = try await stage.store.customers([ana, CustomerID(99)])
            #expect(found.keys.map { $0 } == [ana])
            #expect(found[ana]?.profile.name == "Ana")
            #expect(found[ana]?.addresses == [Stage.address("mailto:ana@example.com")])
        },
        StoreCase("an address is attached once, in the form last given, and detached again") { stage in
            let ana = try await stage.customer("mailto:ana@example.com")
            let mixed = try #require(
                Address(normalized: "mailto:ana@example.com", deliverable: "mailto:Ana@example.com"))
            try await stage.append(ana) { _ in [.addressAttached(ana, mixed), .addressAttached(ana, mixed)] }
            let attached = try #require(try await stage.store.customers([ana])[ana])
            #expect(attached.addresses.map(\.deliverableURI) == ["mailto:Ana@example.com"])
            try await stage.append(ana) { _ in [.addressDetached(ana, mixed), .addressDetached(ana, mixed)] }
            #expect(try await stage.store.customers([ana])[ana]?.addresses == [])
            #expect(try await stage.store.customers(at: [mixed]).isEmpty)
        },
        StoreCase("a merge makes one customer of two, and undoing it makes two again") { stage in
            let ana = try await stage.customer("mailto:ana@example.com", profile: Customer.Profile(name: "Ana"))
            let bob = try await stage.customer("mailto:bob@example.com", profile: Customer.Profile(name: "Bob"))
            try await stage.append(bob, text: "from bob")
            try await stage.append(ana, text: "from ana")
            try await stage.append(bob) { position in
                [
                    .consentRecorded(
                        ConsentEntry(
                            id: EntryID(position: position), customer: bob, address: nil, topic: "news", channel: nil,
                            state: .denied, at: Stage.start, method: "desk"))
                ]
            }
            let views = { (customer: CustomerID) in
                try await stage.store.timeline(of: customer, before: nil, limit: 10, including: []).map(\.id.number)
            }
            #expect(try await views(ana) == [4, 1])
            try await stage.append(ana) { _ in [.merged(from: bob, into: ana)] }
            #expect(try await views(ana) == [6, 5, 4, 3, 2, 1])
            #expect(try await views(bob) == [6, 5, 4, 3, 2, 1])
            #expect(try await stage.store.aliases(of: bob) == [ana, bob])
            #expect(try await stage.store.consents(of: ana).map(\.customer) == [bob])
            #expect(try await stage.store.customers([bob])[bob]?.profile.name == "Ana")
            #expect(
                try await stage.store.customers(at: [Stage.address("mailto:bob@example.com")]).values.first == [ana])
            try await stage.append(ana) { _ in [.unmerged(from: bob, into: ana)] }
            #expect(try await views(ana) == [7, 6, 4, 1])
            #expect(try await views(bob) == [5, 3, 2])
            #expect(try await stage.store.consents(of: ana).isEmpty)
            #expect(try await stage.store.customers([bob])[bob]?.profile.name == "Bob")
            #expect(try await stage.differences() == [])
        },
        StoreCase("merges chain, circles are refused, and undoing one link leaves the others") { stage in
            let ids = [
                try await stage.customer("id:x/1"), try await stage.customer("id:x/2"),
                try await stage.customer("id:x/3"),
            ]
            try await stage.append { _ in [.merged(from: ids[2], into: ids[1])] }
            try await stage.append { _ in [.merged(from: ids[1], into: ids[0])] }
            try await stage.append { _ in [.merged(from: ids[0], into: ids[2])] }
            #expect(try await stage.store.aliases(of: ids[2]) == ids)
            #expect(try await stage.store.mergedInto(ids[2]) == ids[1])
            #expect(try await stage.store.mergedInto(ids[0]) == nil)
            #expect(try await stage.store.customers([ids[2]])[ids[2]]?.id == ids[0])
            try await stage.append { _ in [.unmerged(from: ids[1], into: ids[0])] }
            #expect(try await stage.store.aliases(of: ids[0]) == [ids[0]])
            #expect(try await stage.store.aliases(of: ids[2]) == [ids[1], ids[2]])
            #expect(try await stage.differences() == [])
        },
        StoreCase("search finds the beginning of names and of addresses, whatever the case") { stage in
            let ana = try await stage.customer("mailto:ana@example.com", profile: Customer.Profile(name: "Émile Zola"))
            let bob = try await stage.customer("tel:+8613800138000", profile: Customer.Profile(name: "Anabel"))
            for (text, found) in [
                ("ANA", [bob, ana]), ("émile", [ana]), ("mailto:ANA@", [ana]), ("+86138", [bob]), ("zola", []),
                ("%", []), ("", []),
            ] {
                #expect(try await stage.store.search(text, limit: 10).map(\.id) == found, "\(text)")
            }
            #expect(try await stage.store.search("ana", limit: 1).count == 1)
        },
        StoreCase("an audience is filtered, paged by id, and leaves out merged and erased customers") { stage in
            var ids: [CustomerID] = []
            for number in 0..<6 {
                ids.append(
                    try await stage.customer(
                        "id:x/\(number)",
                        profile: Customer.Profile(
                            language: number % 2 == 0 ? "de" : "en", tags: number < 4 ? ["vip", "t\(number)"] : [],
                            attributes: ["city": number < 3 ? "Ulm" : "Bonn"])))
            }
            let customers = ids
            let read = { (filter: AudienceFilter, after: CustomerID?, limit: Int) in
                try await stage.store.audience(filter, after: after, limit: limit).map(\.id)
            }
            #expect(try await read(AudienceFilter(), nil, 4) == Array(ids[0..<4]))
            #expect(try await read(AudienceFilter(), ids[3], 4) == Array(ids[4..<6]))
            #expect(
                try await read(AudienceFilter(tags: ["vip"], withoutTags: ["t1"]), nil, 9) == [ids[0], ids[2], ids[3]])
            #expect(try await read(AudienceFilter(attributes: ["city": "Ulm"]), nil, 9) == Array(ids[0..<3]))
            #expect(try await read(AudienceFilter(tags: ["vip"], languages: ["en"]), nil, 9) == [ids[1], ids[3]])
            try await stage.append { _ in [.merged(from: customers[1], into: customers[0])] }
            _ = try await stage.store.erase(ids[2], at: stage.now, by: "li")
            #expect(try await read(AudienceFilter(), nil, 9) == [ids[0], ids[3], ids[4], ids[5]])
        },
    ]
}
