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
            #expect(await alarm.sleep(milliseconds: 60_000))
        }
        // Whatever the timers of those sleeps do, they do it within this one.
        let start = clock.now
        #expect(await alarm.sleep(milliseconds: 50) == false)
        #expect(clock.now - start >= .milliseconds(50))
    }
}
