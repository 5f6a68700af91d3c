import RapportChannels
import RapportCore
import Synchronization

/// Sends nothing, takes its time, and answers in every way there is; all by a seed.
final class UnsteadyAdapter: OutboundAdapter {
    let name: String
    let channel: Channel
    let window = 16
    private let node: Int64
    private let recorder: RaceRecorder
    private let chance: SharedChance

    /// - Parameter node: the hub that has it.
    init(name: String, channel: Channel, node: Int64, recorder: RaceRecorder, chance: SharedChance) {
        self.name = name
        self.channel = channel
        self.node = node
        self.recorder = recorder
        self.chance = chance
    }

    func send(_ message: OutboundMessage) async throws(SendError) -> Receipt {
        recorder.note(.sending(.init(message.dispatch, by: node), message.to))
        await chance.pause(below: 4)
        let answer: Result<Receipt, SendError> =
            switch chance.number(below: 100) {
            case ..<80: .success(Receipt(providerMessageID: "p-\(message.dispatch)"))
            case ..<88: .failure(SendError(.temporary))
            case ..<92: .failure(SendError(.badAddress))
            case ..<96: .failure(SendError(.rejected))
            default: .failure(SendError(.uncertain))
            }
        let taken = (try? answer.get()) != nil
        recorder.note(.answered(message.dispatch, taken: taken))
        return try answer.get()
    }
}

/// One seeded generator for tasks that run at the same time. Which task draws which number is up to the scheduler; what
/// numbers there are is not.
final class SharedChance: Sendable {
    private let generator: Mutex<SeededGenerator>

    init(_ generator: SeededGenerator) {
        self.generator = Mutex(generator)
    }

    func number(below limit: Int) -> Int {
        generator.withLock { Int.random(in: 0..<limit, using: &$0) }
    }

    /// Gives others their turn, and every other time some milliseconds more.
    func pause(below milliseconds: Int) async {
        let turns = number(below: 8)
        for _ in 0..<turns { await Task.yield() }
        guard turns.isMultiple(of: 2) else { return }
        try? await Task.sleep(for: .microseconds(number(below: milliseconds * 1000)))
    }
}
