import RapportCore
import Testing

@testable import RapportHub

@Suite("Messages under way")
struct FlightTests {
    private let now = Timestamp(seconds: 1_790_000_000)

    private func flight(window: Int, airborne: Int) -> Flight {
        let flight = Flight(windows: ["mail": window])
        for number in 0..<airborne { flight.takeOff(DispatchID(Int64(number)), over: "mail", at: now) }
        return flight
    }

    @Test(
        "a window is filled up again when a quarter of it is free",
        arguments: [(8, 0, 8), (8, 6, 2), (8, 7, 0), (8, 8, 0), (1, 0, 1), (1, 1, 0), (3, 2, 1)])
    func quarter(window: Int, airborne: Int, free: Int) {
        #expect(flight(window: window, airborne: airborne).slots(at: now) == ["mail": free])
    }

    @Test("messages that hang keep nothing from the places that are free")
    func hanging() {
        let flight = flight(window: 8, airborne: 7)
        #expect(flight.slots(at: now.adding(milliseconds: Flight.patience - 1)) == ["mail": 0])
        #expect(flight.slots(at: now.adding(milliseconds: Flight.patience)) == ["mail": 1])
        #expect(flight.slots(at: now.adding(seconds: -3600)) == ["mail": 1], "the clock was set back")
        #expect(flight.hasRoom)
    }

    @Test("what has landed makes room")
    func landing() {
        let flight = flight(window: 2, airborne: 2)
        #expect(!flight.hasRoom)
        #expect(flight.inHand == [DispatchID(0), DispatchID(1)])
        flight.land(DispatchID(0), over: "mail")
        #expect(flight.inHand == [DispatchID(1)])
        #expect(flight.slots(at: now) == ["mail": 1])
        #expect(flight.count == 1)
    }
}
