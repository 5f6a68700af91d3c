import RapportTestServers

/// What clients ask of a hub until it says yes.
protocol Asking: Sendable {
    /// How much there is to ask.
    var size: Int { get }
    /// How much of it the hub has said yes to.
    var count: Int { get }
    /// Rings as soon as so many answers have come.
    var alarm: CountAlarm { get }
}

extension KillableHub {
    /// Kills this hub, which is running, at all these moments of what clients ask of it, and starts it again each time;
    /// the last one takes requests when this returns, even if the clients have nothing left to ask.
    ///
    /// - Parameter look: is called after each kill.
    func kill(at moments: [Moment], amid asking: some Asking, _ look: () async throws -> Void) async throws {
        for moment in moments {
            // Read once: the clients go on meanwhile, and nobody says yes to more than there is.
            let count = asking.count
            guard count < asking.size else { break }
            func after(_ share: Double) -> Int {
                min(asking.size, count + max(1, Int(Double(asking.size - count) * share)))
            }
            switch moment {
            case .after(let share, let pause):
                try await wait(until: after(share), pause: pause) { asking.count }
            case .inside(let share):
                asking.alarm.set(at: after(share), killNow)
                try await waitUntilKilled()
            case .whileStarting(let pause):
                try await Task.sleep(for: pause)
            }
            try await kill()
            try await look()
            try await start()
        }
        try await waitUntilReady()
    }
}
