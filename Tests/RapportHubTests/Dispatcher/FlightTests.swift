import RapportCore
import Testing

@testable import RapportHub

@Suite("Messages under way")
struct FlightTests {
    private let now = Timestamp(seconds: 1_790_000_000)

    private func flight(window: Int, claimed: Int) -> Flight {
        let flight = Flight(windows: ["mail": window])
        flight.claimed(ids(0..<claimed), over: "mail", at: now)
        return flight
    }

    private func ids(_ numbers: Range<Int>) -> [DispatchID] { numbers.map { DispatchID(Int64($0)) } }

    @Test(
        "a window is filled up again when a quarter of it is free",
        arguments: [(8, 0, 8), (8, 6, 2), (8, 7, 0), (8, 8, 0), (1, 0, 1), (1, 1, 0), (3, 2, 1)])
    func quarter(window: Int, claimed: Int, free: Int) {
        #expect(flight(window: window, claimed: claimed).slots(at: now) == ["mail": free])
    }

    @Test("messages that hang keep nothing from the places that are free")
    func hanging() {
        let flight = flight(window: 8, claimed: 7)
        #expect(flight.slots(at: now.adding(milliseconds: Flight.patience - 1)) == ["mail": 0])
        #expect(flight.slots(at: now.adding(milliseconds: Flight.patience)) == ["mail": 1])
        #expect(flight.slots(at: now.adding(seconds: -3600)) == ["mail": 1], "the clock was set back")
        #expect(flight.hasRoom(at: now))
    }

    @Test("what has landed makes room, and as many more may be claimed as will soon have left")
    func landing() async {
        let flight = flight(window: 2, claimed: 2)
        #expect(!flight.hasRoom(at: now))
        #expect(flight.inHand == Set(ids(0..<2)))
        #expect(await flight.takeOff(ids(0..<2), over: "mail", at: now) == 2)
        #expect(flight.airborne == 2)
        flight.land(ids(0..<1), over: "mail", at: now)
        #expect(flight.inHand == Set(ids(1..<2)))
        #expect(flight.airborne == 1)
        #expect(flight.slots(at: now) == ["mail": 2], "a place in the air, and one for the next")
        #expect(flight.slots(at: now.adding(seconds: 1)) == ["mail": 1], "nothing has left for a while")
        flight.land(ids(1..<2), over: "mail", at: now)
        #expect(flight.isEmpty)
    }

    @Test("what never left makes no promise of more")
    func released() {
        let flight = flight(window: 2, claimed: 2)
        flight.land(ids(0..<2), over: "mail", at: now)
        #expect(flight.slots(at: now) == ["mail": 2])
    }

    @Test("no more than the window is in the air, who asked first leaves first, and no place stays empty for the rest")
    func order() async {
        let flight = flight(window: 4, claimed: 10)
        #expect(await flight.takeOff(ids(0..<3), over: "mail", at: now) == 3)
        #expect(await flight.takeOff(ids(3..<6), over: "mail", at: now) == 1, "one of three")
        let second = Task { await flight.takeOff(ids(4..<6), over: "mail", at: now) }
        while flight.waiting == 0 { await Task.yield() }
        let third = Task { await flight.takeOff(ids(6..<8), over: "mail", at: now) }
        while flight.waiting == 1 { await Task.yield() }
        #expect(flight.airborne == 4)
        flight.land(ids(0..<3), over: "mail", at: now)
        #expect(await second.value == 2)
        #expect(await third.value == 1)
        #expect(flight.airborne == 4)
    }

    @Test("of a large window, only what will soon have landed is used beyond its steady part")
    func large() async throws {
        let flight = flight(window: Flight.steady + 100, claimed: 4 * Flight.steady)
        let others = Flight.steady + 100
        let first = await flight.takeOff(ids(0..<others), over: "mail", at: now)
        try #require(first == Flight.steady)
        flight.land(ids(0..<Flight.steady), over: "mail", at: now)
        #expect(await flight.takeOff(ids(others..<2 * others), over: "mail", at: now) == Flight.steady)
        flight.land(ids(others..<others + 50), over: "mail", at: now)
        #expect(flight.airborne == Flight.steady - 50)
        #expect(await flight.takeOff(ids(2 * others..<3 * others), over: "mail", at: now) == 100, "50 more than steady")
        let later = now.adding(seconds: 1)
        flight.land(ids(others + 50..<others + 60), over: "mail", at: later)
        #expect(flight.airborne > Flight.steady - 10)
        let waiting = Task { await flight.takeOff(ids(0..<1), over: "mail", at: later) }
        while flight.waiting == 0 { await Task.yield() }
        flight.close()
        #expect(await waiting.value == 0, "nothing has landed for a while")
    }

    @Test("after the end nothing leaves, and nobody waits")
    func closing() async {
        let flight = flight(window: 2, claimed: 4)
        #expect(await flight.takeOff(ids(0..<2), over: "mail", at: now) == 2)
        let waiting = Task { await flight.takeOff(ids(2..<4), over: "mail", at: now) }
        while flight.waiting == 0 { await Task.yield() }
        flight.close()
        #expect(await waiting.value == 0)
        flight.land(ids(0..<2), over: "mail", at: now)
        #expect(await flight.takeOff(ids(2..<4), over: "mail", at: now) == 0)
        #expect(flight.airborne == 0)
    }

    @Test("a pace counts this slice of time and the one before it")
    func pace() {
        var pace = Pace()
        pace.count(3, at: now)
        pace.count(2, at: now.adding(milliseconds: 120))
        #expect(pace.recent(at: now.adding(milliseconds: 150)) == 5)
        #expect(pace.recent(at: now.adding(milliseconds: 230)) == 2)
        #expect(pace.recent(at: now.adding(milliseconds: 500)) == 0)
        #expect(pace.recent(at: now.adding(seconds: -9)) == 0, "the clock was set back")
    }
}
