import Testing

@testable import RapportHub

@Suite("Sleeping until something happens")
struct AlarmTests {
    @Test("a ring ends one sleep and spares no other")
    func oneRing() async {
        let clock = ContinuousClock()
        let alarm = Alarm()
        for _ in 0..<50 {
            alarm.ring()
            await alarm.sleep(milliseconds: 60_000)
        }
        // Whatever the timers of those sleeps do, they do it within this one.
        let start = clock.now
        await alarm.sleep(milliseconds: 50)
        #expect(clock.now - start >= .milliseconds(50))
    }
}
