import RapportCore
import RapportLog
import Testing

/// Looking suppressions through, and what a batch is told of them.
enum SuppressionCases {
    private static let anas = "mailto:ana@example.com"
    private static let bobs = "mailto:bob@example.com"
    private static let number = "tel:+8613800138000"

    private static func suppressed(
        _ uri: String, _ position: Int64, _ ordinal: Int = 0, _ reason: Suppression.Reason = .stop,
        until: Timestamp? = nil
    ) -> Effect {
        .suppressed(
            Suppression(
                id: EntryID(position: position, ordinal: ordinal), address: Stage.address(uri), reason: reason,
                at: Stage.start, until: until))
    }

    /// All that match, read in pages.
    private static func list(
        _ stage: Stage, _ filter: SuppressionFilter = SuppressionFilter(), pages limit: Int = 100
    ) async throws -> [Suppression] {
        var found: [Suppression] = []
        while true {
            let page = try await stage.store.suppressions(filter, before: found.last?.id, limit: limit)
            try #require(page.count <= limit)
            found += page
            if page.count < limit { return found }
        }
    }

    /// What a batch of these items is told, of which nothing is written.
    private static func facts(_ stage: Stage, _ items: [IntakeItem]) async throws -> [Address: [Suppression]] {
        let box = Box<[Address: [Suppression]]>()
        _ = try await stage.store.commit(items, query: stage.query()) { _, facts in
            box.put(facts.suppressions)
            return []
        }
        return try #require(box.value)
    }

    private static func item(_ uris: String..., wanting: Bool = true) -> IntakeItem {
        IntakeItem(key: nil, addresses: uris.map(Stage.address), wantsSuppressions: wanting)
    }

    static let all: [StoreCase] = [
        StoreCase("suppressions of all addresses are listed page by page, the last written first, each once") { stage in
            let ana = try await stage.customer(anas)
            try await stage.append(ana) { [suppressed(anas, $0), suppressed(anas, $0, 1, .hardBounce)] }
            try await stage.append { [suppressed(number, $0, 0, .complaint)] }
            try await stage.append { [suppressed(bobs, $0, 0, .manual), suppressed(bobs, $0, 1, .invalid)] }
            for limit in 1...6 {
                let found = try await list(stage, pages: limit)
                #expect(found.map { $0.id.text("s") } == ["s4.1", "s4", "s3", "s2.1", "s2"])
                #expect(found.map(\.reason) == [.invalid, .manual, .complaint, .hardBounce, .stop])
                #expect(found.map(\.address.uri) == [bobs, bobs, number, anas, anas])
            }
            #expect(try await stage.store.suppressions(SuppressionFilter(), before: nil, limit: 0).isEmpty)
        },
        StoreCase("a list of suppressions may leave out those that have ended, and those of other reasons") { stage in
            let (soon, later) = (Stage.start.adding(seconds: 60), Stage.start.adding(seconds: 120))
            try await stage.append { [suppressed(anas, $0, 0, .manual, until: soon)] }
            try await stage.append { [suppressed(bobs, $0, 0, .manual, until: later)] }
            try await stage.append { [suppressed(number, $0, 0, .manual), suppressed(number, $0, 1)] }
            try await stage.append(at: soon) { _ in [.suppressionLifted(Stage.address(number), .stop)] }
            func listed(_ filter: SuppressionFilter) async throws -> [String] {
                try await list(stage, filter, pages: 1).map { $0.id.text("s") }
            }
            #expect(try await listed(SuppressionFilter()) == ["s3.1", "s3", "s2", "s1"])
            #expect(try await listed(SuppressionFilter(activeAt: Stage.start)) == ["s3.1", "s3", "s2", "s1"])
            #expect(try await listed(SuppressionFilter(activeAt: soon)) == ["s3", "s2"])
            #expect(try await listed(SuppressionFilter(activeAt: later)) == ["s3"])
            #expect(try await listed(SuppressionFilter(reason: .stop)) == ["s3.1"])
            #expect(try await listed(SuppressionFilter(reason: .stop, activeAt: soon)).isEmpty)
            let first = try #require(try await list(stage).last)
            #expect(first.at == Stage.start && first.until == soon)
        },
        StoreCase("a listed address is in the form to send to where somebody has it, else as it is compared") { stage in
            let mixed = try #require(Address(normalized: anas, deliverable: "mailto:Ana@example.com"))
            try await stage.append { [.customerCreated(CustomerID($0)), .addressAttached(CustomerID($0), mixed)] }
            try await stage.append { [suppressed(anas, $0), suppressed(bobs, $0, 1)] }
            #expect(try await list(stage).map(\.address.deliverableURI) == [bobs, "mailto:Ana@example.com"])
        },
        StoreCase("a batch is told the suppressions of the addresses whose items ask for them, of no others") { stage in
            let soon = Stage.start.adding(seconds: 60)
            try await stage.append { [suppressed(anas, $0), suppressed(anas, $0, 1, .manual, until: soon)] }
            try await stage.append { [suppressed(bobs, $0)] }
            let told = try await facts(stage, [item(anas, number), item(bobs, wanting: false)])
            let known = try #require(told[Stage.address(anas)])
            #expect(known.map(\.reason) == [.stop, .manual])
            #expect(known.map(\.until) == [nil, soon])
            #expect(told[Stage.address(number)] == nil && told[Stage.address(bobs)] == nil)
            #expect(try await facts(stage, [item(anas, wanting: false)]).isEmpty)
        },
        StoreCase("what stands for an erased customer's address is not listed; a batch is told it by its pseudonym") {
            stage in
            let ana = try await stage.customer(anas)
            _ = try await stage.store.erase(ana, at: stage.now, by: "li")
            try await stage.append { [suppressed(bobs, $0)] }
            try await stage.append { [suppressed(anas, $0, 0, .hardBounce)] }
            #expect(try await list(stage, pages: 1).map(\.address.uri) == [anas, bobs])
            let told = try #require(try await facts(stage, [item(anas)])[Stage.address(anas)])
            #expect(told.map(\.reason) == [.manual, .hardBounce])
            #expect(told.map { $0.address.uri.hasPrefix("id:erased/") } == [true, false])
            // Whoever asks for the address itself is told no pseudonym.
            let known = try await stage.store.suppressions(of: [Stage.address(anas)])
            #expect(known.map(\.address.uri) == [anas, anas])
        },
    ]
}
