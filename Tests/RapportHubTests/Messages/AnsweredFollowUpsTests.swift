import RapportChannels
import RapportCore
import RapportLog
import RapportSQLite
import Testing

@testable import RapportHub

@Suite("Answers to what customers wait for")
struct AnsweredFollowUpsTests {
    private func mail(_ hub: HubFixture, from address: String, id: String, answers: [String] = []) async throws
        -> CommittedEvent
    {
        var event = hub.message(from: address, id: id)
        event.threadKeys = [id]
        event.answers = answers
        return try await hub.take(event, adapter: "mail-in")
    }

    private func read(_ id: FollowUpID, of customer: CustomerID, under key: String? = nil, in hub: HubFixture)
        async throws -> AnsweredFollowUps
    {
        try await AnsweredFollowUps.read([id], of: customer, under: key, store: hub.store)
    }

    @Test("continue the customer's thread: its mails so far, the oldest first, and none of another conversation")
    func thread() async throws {
        let hub = try await HubFixture()
        let first = try await mail(hub, from: "ana@example.com", id: "q1@good.test")
        let ana = try #require(first.customer)
        _ = try await mail(hub, from: "ana@example.com", id: "other@good.test")
        _ = try await mail(hub, from: "ana@example.com", id: "q2@good.test", answers: ["q1@good.test"])
        let answered = try await read(FollowUpID(first.interaction.number), of: ana, in: hub)
        #expect(answered.thread == ["q1@good.test", "q2@good.test"])
        #expect(answered.conversation == "mail:\(first.interaction)")

        let adapter = RecordingAdapter(name: "mail", channel: .email)
        let customer = try #require(try await hub.store.customers([ana])[ana])
        let message = SingleMessage(subject: "Re", text: "It is ready.").answering(answered)
        let planned = try await MessageDesk(store: hub.store, routes: hub.routes, clock: hub.clock).send(
            message, to: customer, channels: [.email], messageClass: .service, topic: "care")
        let dispatcher = try await hub.dispatcher([adapter])
        let running = Task { try await dispatcher.run() }
        try await hub.waits("the answer to be sent") {
            try await hub.store.dispatch(planned.id)?.state.isFinal == true
        }
        running.cancel()
        try await running.value
        #expect(adapter.messages.map(\.thread) == [["q1@good.test", "q2@good.test"]])
        #expect(try await hub.store.followUp(FollowUpID(first.interaction.number))?.state == .closed)
        try await hub.close()
    }

    @Test("close nobody else's, nothing unknown, and nothing closed unless it is a repetition")
    func refused() async throws {
        let hub = try await HubFixture()
        let anas = try await mail(hub, from: "ana@example.com", id: "a@good.test")
        let ana = try #require(anas.customer)
        let bo = try #require(try await mail(hub, from: "bo@example.com", id: "b@good.test").customer)
        let id = FollowUpID(anas.interaction.number)
        await #expect(throws: DeskError.foreignFollowUp(id, bo)) { try await read(id, of: bo, in: hub) }
        await #expect(throws: DeskError.unknownFollowUp(FollowUpID(99))) {
            try await read(FollowUpID(99), of: ana, in: hub)
        }
        _ = try await hub.desk.close(id, resolution: "called back")
        for key in [nil, "answer"] {
            await #expect(throws: DeskError.closedFollowUp(id)) { try await read(id, of: ana, under: key, in: hub) }
        }
        let customer = try #require(try await hub.store.customers([ana])[ana])
        _ = try await MessageDesk(store: hub.store, routes: hub.routes, clock: hub.clock).send(
            SingleMessage(text: "It is ready."), to: customer, channels: [.email], messageClass: .service,
            topic: "care", key: "answer")
        #expect(try await read(id, of: ana, under: "answer", in: hub).closes == [id])
        await #expect(throws: DeskError.closedFollowUp(id)) { try await read(id, of: ana, under: "other", in: hub) }
        try await hub.close()
    }
}
