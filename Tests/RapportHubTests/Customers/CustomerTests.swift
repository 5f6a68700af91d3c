import Foundation
import RapportChannels
import RapportCore
import RapportLog
import RapportPolicy
import RapportSQLite
import Testing

@testable import RapportHub

@Suite("Customers and what is done with them")
struct CustomerTests {
    @Test("a file brings in good lines, names bad ones, and brings known customers up to date")
    func importing() async throws {
        let hub = try await HubFixture()
        let file = hub.folder.appending(path: "customers.csv").path
        let report = try await hub.imports(
            """
            id,name,email,timeZone,tags,consents,city
            crm/1,Ana,ana@example.com,Europe/Berlin,a;b,offers:email:granted:2026-01-05T10:00:00Z,Berlin
            crm/2,Bo,not-an-address,,,,
            crm/3,Cy,cy@example.com,Mars/Olympus,,,
            crm/4,Di,di@example.com,,,offerz:*:granted,
            """, file: file)
        #expect(report == .init(imported: 1, created: 1, rejected: 3))
        let rejected = try String(contentsOfFile: file + ".rejected", encoding: .utf8)
        #expect(
            rejected == """
                id,name,email,timeZone,tags,consents,city,reason
                crm/2,Bo,not-an-address,,,,,line 3: email: the mailbox has no @
                crm/3,Cy,cy@example.com,Mars/Olympus,,,,line 4: timeZone: expected an IANA name such as Asia/Shanghai
                crm/4,Di,di@example.com,,,offerz:*:granted,,line 5: consents: the policy has no topic ‘offerz’

                """)
        let again = try await hub.imports("id,name,tags\ncrm/1,Anna,c\n")
        #expect(again == .init(imported: 1, created: 0, rejected: 0))
        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        #expect(ana.profile.name == "Anna" && ana.profile.tags == ["a", "b", "c"])
        #expect(ana.profile.attributes == ["city": "Berlin"] && ana.profile.timeZone == "Europe/Berlin")
        try await hub.close()
    }

    @Test("a line that can't be read costs itself, is named with its number, and goes from the list when it is mended")
    func unreadableLines() async throws {
        let hub = try await HubFixture()
        let file = hub.folder.appending(path: "customers.csv").path
        let bad = "id,name,email\n\ncrm/1,\"Ana,ana@example.com\ncrm/2,Bo,bo@example.com\ncrm/3,Cy,cy@example.com,Ulm\n"
        #expect(try await hub.imports(bad, file: file) == .init(imported: 1, created: 1, rejected: 2))
        #expect(try await hub.customer(at: "bo@example.com")?.profile.name == "Bo")
        let rejects = try String(contentsOfFile: file + ".rejected", encoding: .utf8).split(separator: "\n")
        try #require(rejects.count == 3)
        #expect(rejects[1].contains("line 3: a quote") && rejects[1].contains("Ana,ana@"))
        #expect(rejects[2] == "\"crm/3,Cy,cy@example.com,Ulm\",,,line 5: 4 cells for 3 columns")
        _ = try await hub.imports("id,name,email\ncrm/1,Ana,ana@example.com\n", file: file)
        #expect(!FileManager.default.fileExists(atPath: file + ".rejected"))
        try await hub.close()
    }

    @Test("the file of rejected lines is mended and imported: its reasons are nobody's attribute and stand there once")
    func mendedRejects() async throws {
        let hub = try await HubFixture()
        func rejects(_ file: String) throws -> String {
            try String(contentsOfFile: file + ".rejected", encoding: .utf8)
        }
        let first = hub.folder.appending(path: "customers.csv").path
        _ = try await hub.imports("id,email,city\ncrm/1,ana,Ulm\ncrm/2,bo,Bonn\n", file: first)
        let mended = hub.folder.appending(path: "mended.csv").path
        let text = try rejects(first).replacing("crm/1,ana,", with: "crm/1,ana@example.com,")
        #expect(try await hub.imports(text, file: mended) == .init(imported: 1, created: 1, rejected: 1))
        #expect(try await hub.customer(at: "ana@example.com")?.profile.attributes == ["city": "Ulm"])
        let left = try rejects(mended)
        #expect(left == "id,email,city,reason\ncrm/2,bo,Bonn,line 3: email: the mailbox has no @\n")
        #expect(
            try await hub.imports(left.replacing(",bo,", with: ",bo@example.com,")) == .init(imported: 1, created: 1))

        // A column of the file's own may be called so.
        let own = "id,email,reason\ncrm/3,cy,moved\ncrm/4,di@example.com,line of business\n"
        #expect(try await hub.imports(own, file: first) == .init(imported: 1, created: 1, rejected: 1))
        #expect(try await hub.customer(at: "di@example.com")?.profile.attributes == ["reason": "line of business"])
        let kept = try rejects(first)
        #expect(kept.hasPrefix("id,email,reason,reason of rejection\ncrm/3,cy,moved,line 2: "))
        #expect(
            try await hub.imports(kept.replacing(",cy,", with: ",cy@example.com,")) == .init(imported: 1, created: 1))
        #expect(try await hub.customer(at: "cy@example.com")?.profile.attributes == ["reason": "moved"])
        try await hub.close()
    }

    @Test("nobody takes up what stands in for an erased customer's address, by a file or an event")
    func pseudonyms() async throws {
        let hub = try await HubFixture()
        let ana = try #require(try await hub.take(hub.message(from: "ana@example.com")).customer)
        let address = try #require(try await hub.customer(at: "ana@example.com")?.addresses.first)
        let sent = try await hub.store.plan(
            [
                DispatchPlan(
                    customer: ana, campaign: nil, messageClass: .transactional, topic: "care",
                    routes: [Route(channel: .email, adapter: "mail", address: address)], dueAt: hub.now)
            ], at: hub.now)[0].id
        _ = try await hub.store.erase(ana, at: hub.now, by: "lena")
        let pseudonym = try #require(try await hub.store.dispatch(sent)?.address.uri)
        try #require(pseudonym.hasPrefix("id:erased/"))
        let file = hub.folder.appending(path: "customers.csv").path
        let lines = "id,email\n\(pseudonym.dropFirst(3)),eve@example.com\n"
        #expect(try await hub.imports(lines, file: file) == .init(rejected: 1))
        let rejected = try String(contentsOfFile: file + ".rejected", encoding: .utf8)
        #expect(rejected.contains("line 2: id: ids of the system ‘erased’ are the hub's own"), "\(rejected)")
        var event = hub.message(from: "eve@example.com")
        event.customerAddresses.append(RawAddress(guessing: pseudonym))
        let row = try #require(
            try await hub.store.interaction(try await hub.take(event).interaction, payload: false))
        #expect(row.attributes["address-problem"] == "id: ids of the system ‘erased’ are the hub's own")
        #expect(try await hub.customer(at: "eve@example.com")?.addresses.map(\.uri) == ["mailto:eve@example.com"])
        try await hub.close()
    }

    @Test("an import without a date never lifts a customer's no")
    func importAgainstDenial() async throws {
        let hub = try await HubFixture()
        let file = "id,email,consents\ncrm/1,ana@example.com,offers:*:granted\n"
        _ = try await hub.imports(file)
        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        hub.advance(seconds: 60)
        _ = try await hub.take(
            InboundEvent(
                kind: .preferencesChanged, channel: .web, customer: ana.id,
                requests: [.optOut(topic: "offers", channel: .email, method: "preference-page")]))
        hub.advance(seconds: 60)
        _ = try await hub.imports(file)
        let states = try await hub.store.consents(of: ana.id).map(\.state)
        #expect(states.filter { $0 == .granted }.count == 1)
        let facts = try await hub.store.facts(
            [FactsQuery(customer: ana.id, addresses: ana.addresses)], lookback: .everything)
        let request = ContactRequest(
            messageClass: .marketing, topic: "offers", channel: .email, address: ana.addresses[1])
        #expect(hub.policy.current.evaluate(request, facts[0], now: hub.now).verdict == .skip(rule: .consent))
        try await hub.close()
    }

    @Test("a yes without a date is taken from a known customer, unless they said no: then the line is rejected")
    func undatedConsent() async throws {
        let hub = try await HubFixture()
        let head = "id,email,name,consents\n"
        _ = try await hub.imports(head + "crm/1,ana@example.com,Ana,\ncrm/2,bo@example.com,Bo,offers:sms:denied\n")
        hub.advance(seconds: 60)
        let ana = "crm/1,,Ana,offers:email:granted\n"
        #expect(try await hub.imports(head + ana) == .init(imported: 1))
        #expect(try await hub.imports(head + ana) == .init(imported: 1, unchanged: 1))
        let customer = try #require(try await hub.customer(at: "ana@example.com"))
        #expect(try await hub.store.consents(of: customer.id).map(\.state) == [.granted])

        let file = hub.folder.appending(path: "again.csv").path
        let bo = head + "crm/2,,Bob,offers:*:granted\ncrm/2,,,news:*:granted\n"
        #expect(try await hub.imports(bo, file: file) == .init(imported: 1, rejected: 1))
        #expect(
            try String(contentsOfFile: file + ".rejected", encoding: .utf8).contains(
                "line 2: consents: the customer has said no to offers:*; give the date of the yes"))
        #expect(try await hub.customer(at: "bo@example.com")?.profile.name == "Bo")
        let dated = head + "crm/2,,Bob,offers:*:granted:2020-01-01T00:00:00Z\n"
        #expect(try await hub.imports(dated) == .init(imported: 1))
        try await hub.close()
    }

    @Test("the same file again writes nothing; what is new in it is written and nothing else")
    func sameFileAgain() async throws {
        let hub = try await HubFixture()
        let head = "id,name,email,phone,tags,consents,city\n"
        let ana =
            "crm/1,Ana,ana@example.com,13800138000,a;b,"
            + "offers:email:granted:2026-01-05T10:00:00Z;news:sms:denied;offers:*:granted:2099-01-01T00:00:00Z,Berlin\n"
        let bo = "crm/2,Bo,bo@example.com,,,offers:*:granted,\n"
        #expect(try await hub.imports(head + ana + bo) == .init(imported: 2, created: 2))
        hub.advance(seconds: 60)
        let position = try await hub.store.lastPosition()
        #expect(try await hub.imports(head + ana + bo) == .init(imported: 2, unchanged: 2))
        #expect(try await hub.store.lastPosition() == position)

        let more = ana.replacing("news:sms:denied", with: "news:sms:denied;news:email:denied")
        #expect(try await hub.imports(head + more + bo) == .init(imported: 2, unchanged: 1))
        #expect(try await hub.store.lastPosition() == position + 1)
        let customer = try #require(try await hub.customer(at: "ana@example.com"))
        let denied = try await hub.store.consents(of: customer.id).filter { $0.state == .denied }
        #expect(denied.map(\.address?.scheme) == [nil, .tel, nil, .mailto])
        // Two lines about one customer follow each other, even when the last one ends where it began.
        let there = ana.replacing("Ana,", with: "Anna,")
        #expect(try await hub.imports(head + there + ana) == .init(imported: 2))
        #expect(try await hub.customer(at: "ana@example.com")?.profile.name == "Ana")
        try await hub.close()
    }

    @Test("a no in a file holds again when the customer has said yes since it was read")
    func denialAgain() async throws {
        let hub = try await HubFixture()
        let file = "id,email,consents\ncrm/1,ana@example.com,news:email:denied\n"
        _ = try await hub.imports(file)
        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        hub.advance(seconds: 60)
        _ = try await hub.take(
            InboundEvent(
                kind: .preferencesChanged, channel: .web, customer: ana.id,
                requests: [.optIn(topic: "news", channel: .email, method: "preference-page")]))
        hub.advance(seconds: 60)
        #expect(try await hub.imports(file) == .init(imported: 1))
        #expect(try await hub.imports(file) == .init(imported: 1, unchanged: 1))
        try await hub.close()
    }

    @Test("a no in a file holds at its addresses, for whoever else has them, until a later yes with a date")
    func denialOfAddress() async throws {
        let hub = try await HubFixture()
        let mail = try #require(Address(normalized: "mailto:ana@example.com"))
        func standing(_ id: String) async throws -> ConsentStanding {
            let name = try #require(Address(normalized: "id:crm/\(id)"))
            let customer = try #require(try await hub.store.customers(at: [name])[name]?.first)
            let facts = try await hub.store.facts(
                [FactsQuery(customer: customer, addresses: [mail])], lookback: .everything)
            let request = ContactRequest(messageClass: .marketing, topic: "news", channel: .email, address: mail)
            return hub.policy.current.consent(request, facts[0], now: hub.now)
        }
        let head = "id,email,consents\n"
        let no = head + "crm/1,ana@example.com,news:email:denied:2026-01-05T10:00:00Z\ncrm/2,ana@example.com,\n"
        #expect(try await hub.imports(no) == .init(imported: 2, created: 2))
        for id in ["1", "2"] { #expect(try await standing(id) == .refused) }
        #expect(try await hub.imports(no) == .init(imported: 2, unchanged: 2))

        let yes = head + "crm/1,,news:email:granted:2026-02-05T10:00:00Z\n"
        #expect(try await hub.imports(yes) == .init(imported: 1))
        #expect(try await standing("1") == .agreed)
        #expect(try await standing("2") == .refused)
        #expect(try await hub.imports(yes) == .init(imported: 1, unchanged: 1))
        #expect(try await hub.imports(no) == .init(imported: 2, unchanged: 2))
        #expect(try await standing("1") == .agreed)
        // Somebody who shares the address is not spoken for.
        let other = yes.replacing("crm/1", with: "crm/2")
        #expect(try await hub.imports(other) == .init(imported: 1))
        #expect(try await standing("2") == .refused)
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("what a file's dated yes takes back is what a file said, whichever of the two is read first")
    func takenBack() async throws {
        let hub = try await HubFixture()
        func standing() async throws -> ConsentStanding {
            let ana = try #require(try await hub.customer(at: "ana@example.com"))
            let mail = try #require(ana.addresses.first { $0.scheme == .mailto })
            let facts = try await hub.store.facts(
                [FactsQuery(customer: ana.id, addresses: ana.addresses)], lookback: .everything)
            let request = ContactRequest(messageClass: .marketing, topic: "news", channel: .email, address: mail)
            return hub.policy.current.consent(request, facts[0], now: hub.now)
        }
        let head = "id,email,consents\ncrm/1,ana@example.com,"
        let yes = head + "news:email:granted:2026-02-05T10:00:00Z;*:email:denied:2025-01-05T10:00:00Z\n"
        let no = head + "news:email:denied:2026-01-05T10:00:00Z\n"
        _ = try await hub.imports(yes)
        #expect(try await standing() == .agreed)
        #expect(try await hub.imports(no) == .init(imported: 1))
        #expect(try await standing() == .agreed)
        for file in [yes, no] { #expect(try await hub.imports(file) == .init(imported: 1, unchanged: 1)) }

        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        _ = try await hub.take(
            InboundEvent(
                kind: .preferencesChanged, channel: .web, customer: ana.id,
                requests: [.optOut(topic: "news", channel: .email, method: "preference-page")]))
        let later = hub.now.adding(seconds: 60).rfc3339
        hub.advance(seconds: 120)
        _ = try await hub.imports(head + "news:email:granted:\(later)\n")
        #expect(try await standing() == .refused)
        try await hub.close()
    }

    @Test("merging makes one timeline and one set of preferences, and undoing it makes two again")
    func merging() async throws {
        let hub = try await HubFixture()
        let ana = try #require(try await hub.take(hub.message(from: "ana@example.com")).customer)
        let other = try #require(try await hub.take(hub.message(from: "tel:13800138000", channel: .sms)).customer)
        _ = try await hub.desk.merge(other, into: ana)
        #expect(try await hub.store.timeline(of: ana, before: nil, limit: 9, including: []).count == 3)
        #expect(try await hub.take(hub.message(from: "tel:13800138000", channel: .sms)).customer == ana)
        await #expect(throws: DeskError.alreadyMerged) { try await hub.desk.merge(other, into: ana) }
        _ = try await hub.desk.unmerge(other, from: ana)
        #expect(try await hub.customer(at: "tel:13800138000")?.id == other)
        await #expect(throws: DeskError.notMerged) { try await hub.desk.unmerge(other, from: ana) }
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("a merge is undone by name of whoever the customer is part of now, and never the other way round")
    func unmergeOfChain() async throws {
        let hub = try await HubFixture()
        var ids: [CustomerID] = []
        for name in ["a", "b", "c"] {
            ids.append(try #require(try await hub.take(hub.message(from: "\(name)@example.com")).customer))
        }
        _ = try await hub.desk.merge(ids[0], into: ids[1])
        _ = try await hub.desk.merge(ids[1], into: ids[2])
        await #expect(throws: DeskError.notMerged) { try await hub.desk.unmerge(ids[2], from: ids[0]) }
        _ = try await hub.desk.unmerge(ids[0], from: ids[2])
        #expect(try await hub.customer(at: "a@example.com")?.id == ids[0])
        #expect(try await hub.customer(at: "b@example.com")?.id == ids[2])
        try await hub.close()
    }

    @Test("a no said before a merge holds for the one they became, and not after it was undone")
    func mergedNo() async throws {
        let hub = try await HubFixture()
        let ana = try #require(try await hub.take(hub.message(from: "ana@example.com")).customer)
        let other = try #require(try await hub.take(hub.message(from: "tel:13800138000", channel: .sms)).customer)
        _ = try await hub.take(
            InboundEvent(
                kind: .preferencesChanged, channel: .web, customer: other,
                requests: [.optOut(topic: "news", channel: .email, method: "preference-page")]))
        func verdict() async throws -> Verdict {
            let customer = try #require(try await hub.customer(at: "ana@example.com"))
            let address = try #require(customer.addresses.first { $0.scheme == .mailto })
            let facts = try await hub.store.facts(
                [FactsQuery(customer: customer.id, addresses: customer.addresses)], lookback: .everything)
            let request = ContactRequest(messageClass: .marketing, topic: "news", channel: .email, address: address)
            return hub.policy.current.evaluate(request, facts[0], now: hub.now).verdict
        }
        #expect(try await verdict() == .send)
        _ = try await hub.desk.merge(other, into: ana)
        #expect(try await verdict() == .skip(rule: .consent))
        _ = try await hub.desk.unmerge(other, from: ana)
        #expect(try await verdict() == .send)
        try await hub.close()
    }

    @Test("a pause that was asked for before a merge holds after it, is shown, and ends when the customer ends it")
    func mergedPause() async throws {
        let hub = try await HubFixture()
        let ana = try #require(try await hub.take(hub.message(from: "ana@example.com")).customer)
        let other = try #require(try await hub.take(hub.message(from: "tel:13800138000", channel: .sms)).customer)
        let until = hub.now.adding(seconds: 86_400)
        func pause(_ customer: CustomerID, until: Timestamp?) async throws {
            _ = try await hub.take(
                InboundEvent(
                    kind: .preferencesChanged, channel: .web, customer: customer, requests: [.pause(until: until)]))
        }
        let preferences = PreferenceDesk(
            store: hub.store, sink: hub.intake, policy: hub.policy, routes: hub.routes, clock: hub.clock)
        try await pause(other, until: until)
        #expect(try await preferences.page(of: ana)?.pausedUntil == nil)
        _ = try await hub.desk.merge(other, into: ana)
        #expect(try await preferences.page(of: ana)?.pausedUntil == until)
        let briefs = try await CustomerBrief.read(
            .customer(ana), store: hub.store, preferences: preferences, now: hub.now)
        #expect(briefs.map(\.pausedUntil) == [until])

        try await pause(ana, until: nil)
        #expect(try await preferences.page(of: ana)?.pausedUntil == nil)
        _ = try await hub.desk.unmerge(other, from: ana)
        #expect(try await preferences.page(of: other)?.pausedUntil == nil)
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("a follow-up is closed once, and assigned while it is open")
    func followUps() async throws {
        let hub = try await HubFixture()
        let id = FollowUpID(try await hub.take(hub.message(from: "ana@example.com")).interaction.number)
        _ = try await hub.desk.assign(id, to: "Lena")
        #expect(try await hub.store.followUp(id)?.owner == "Lena")
        _ = try await hub.desk.close(id, resolution: "called back")
        await #expect(throws: DeskError.closedFollowUp(id)) { try await hub.desk.close(id, resolution: "again") }
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("of two acts at once the second one finds what the first has made")
    func actsAtOnce() async throws {
        let hub = try await HubFixture()
        // What becomes of an act that has looked, when another is done before it is written.
        func outcome(
            of act: @escaping @Sendable (CustomerDesk) async throws -> InteractionID,
            after other: () async throws -> Void
        ) async throws -> Result<InteractionID, any Error> {
            let store = SlowStore(hub.store)
            let desk = CustomerDesk(store: store, clock: hub.clock, adapter: "cli", author: "wu")
            let acting = Task { try await act(desk) }
            await store.isAskedToCommit()
            try await other()
            store.letCommit()
            return await acting.result
        }
        var ids: [CustomerID] = []
        for name in ["a", "b", "c", "d"] {
            ids.append(try #require(try await hub.take(hub.message(from: "\(name)@example.com")).customer))
        }
        let (a, b, c, d) = (ids[0], ids[1], ids[2], ids[3])
        let waiting = try #require(try await hub.store.followUps(FollowUpFilter(state: .open), limit: 1).first).id

        let closing = try await outcome(of: { try await $0.close(waiting, resolution: "mine") }) {
            _ = try await hub.desk.close(waiting, resolution: "theirs")
        }
        #expect(throws: DeskError.closedFollowUp(waiting)) { try closing.get() }
        #expect(try await hub.store.followUp(waiting)?.resolution == "theirs")

        let merging = try await outcome(of: { try await $0.merge(a, into: b) }) {
            _ = try await hub.desk.merge(a, into: b)
        }
        #expect(throws: DeskError.alreadyMerged) { try merging.get() }

        // As if it had come later: who was part of somebody is merged alone once they are not.
        let alone = try await outcome(of: { try await $0.merge(a, into: c) }) {
            _ = try await hub.desk.unmerge(a, from: b)
        }
        _ = try alone.get()
        #expect(try await hub.store.aliases(of: c) == [a, c])
        let undoing = try await outcome(of: { try await $0.unmerge(a, from: c) }) {
            _ = try await hub.desk.unmerge(a, from: c)
        }
        #expect(throws: DeskError.notMerged) { try undoing.get() }

        let erasing = try await outcome(of: { try await $0.merge(d, into: b) }) {
            _ = try await hub.store.erase(b, at: hub.now, by: "lena")
        }
        #expect(throws: DeskError.erased) { try erasing.get() }
        #expect(try await hub.store.mergedInto(d) == nil)
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("an erased customer's addresses stay out, even when they are imported again")
    func erasure() async throws {
        let hub = try await HubFixture()
        _ = try await hub.imports("id,name,email,consents\ncrm/1,Ana,ana@example.com,offers:*:granted\n")
        let ana = try #require(try await hub.customer(at: "ana@example.com"))
        _ = try await hub.store.erase(ana.id, at: hub.now, by: "lena")
        hub.advance(seconds: 60)
        _ = try await hub.imports("id,name,email,consents\ncrm/1,Ana,ana@example.com,offers:*:granted\n")
        let back = try #require(try await hub.customer(at: "ana@example.com"))
        #expect(back.id != ana.id)
        let facts = try await hub.store.facts(
            [FactsQuery(customer: back.id, addresses: back.addresses)], lookback: .everything)
        let request = ContactRequest(
            messageClass: .marketing, topic: "offers", channel: .email,
            address: try #require(back.addresses.first { $0.scheme == .mailto }))
        #expect(hub.policy.current.evaluate(request, facts[0], now: hub.now).verdict == .skip(rule: .suppressed))
        #expect(try await hub.store.verifyProjections { _, _ in }.isEmpty)
        try await hub.close()
    }

    @Test("of two who are told at once to have an address only the first gets it")
    func oneAddressAtOnce() async throws {
        let hub = try await HubFixture()
        let ana = try #require(try await hub.take(hub.message(from: "ana@example.com")).customer)
        let bo = try #require(try await hub.take(hub.message(from: "bo@example.com")).customer)
        let office = try #require(Address(normalized: "mailto:office@example.com"))
        let entry = CustomerDesk.Entry(addresses: [office]) { $0 }
        let store = SlowStore(hub.store)
        let desk = CustomerDesk(store: store, clock: hub.clock, adapter: "api:shop", author: "shop")
        let entering = Task { try await desk.enter(entry, about: bo).customer }
        await store.isAskedToCommit()
        _ = try await hub.desk.enter(entry, about: ana)
        store.letCommit()
        await #expect(throws: DeskError.identityConflict([ana])) { try await entering.value }
        #expect(try await hub.store.customers(at: [office]) == [office: [ana]])
        try await hub.close()
    }

    @Test("what is told of an unknown customer makes no new one")
    func unknownCustomer() async throws {
        let hub = try await HubFixture()
        let entry = CustomerDesk.Entry(addresses: []) { $0 }
        await #expect(throws: DeskError.unknownCustomer(CustomerID(99))) {
            try await hub.desk.enter(entry, about: CustomerID(99))
        }
        #expect(try await hub.store.lastPosition() == 0)
        try await hub.close()
    }
}
