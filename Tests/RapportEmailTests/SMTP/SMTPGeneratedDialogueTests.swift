import RapportChannels
import RapportEmail
import Testing

/// Dialogues with servers made of chance, which are asked afterwards what they really took.
@Suite struct SMTPGeneratedDialogueTests {
    /// One connection from its beginning to its end.
    private struct Dialogue {
        var generator: SeededGenerator
        var server: SMTPModelServer
        var driver: SMTPDriver
        var results: [Int: [Result<Receipt, SendError>?]] = [:]
        var flushed: Set<Int> = []
        var leaving: [Int] = []
        var begun = 0
        var steps = 0
        var hasEnded = false
        var faults: [String] = []

        init(seed: UInt64) {
            generator = SeededGenerator(seed: seed)
            let pipelines = generator.chance(70)
            server = SMTPModelServer(generator: SeededGenerator(seed: seed &+ 1), pipelines: pipelines)
            driver = SMTPDriver(
                .init(
                    clientName: "me.example", security: .none,
                    messageLimit: generator.chance(30) ? Int.random(in: 1...4, using: &generator) : .max))
        }

        mutating func run() throws {
            driver.add(driver.machine.connected())
            carryOut()
            while !hasEnded, steps < 400 {
                steps += 1
                try step()
                carryOut()
            }
            driver.add(driver.machine.closed())
            carryOut()
        }

        private mutating func step() throws {
            switch Int.random(in: 0..<100, using: &generator) {
            case 0..<45:
                guard let bytes = server.speak() else { return }
                var rest = bytes[...]
                while !rest.isEmpty {
                    let piece = rest.prefix(Int.random(in: 1...12, using: &generator))
                    driver.add(driver.machine.received(Array(piece)))
                    rest = rest.dropFirst(piece.count)
                }
            case 45..<70:
                guard !leaving.isEmpty else { return }
                let ticket = leaving.removeFirst()
                driver.machine.contentFlushed(ticket)
                flushed.insert(ticket)
                server.readContent(of: ticket)
            case 70..<97:
                guard driver.machine.canBegin else { return }
                begun += 1
                let recipients = (0..<Int.random(in: 1...3, using: &generator)).map { "r\($0)@b.example" }
                try driver.begin(begun, .test(to: generator.chance(60) ? ["t@b.example"] : recipients))
            case 97: driver.add(generator.chance(5) ? driver.machine.timedOut() : [])
            case 98: driver.add(generator.chance(10) ? driver.machine.drain() : [])
            default: driver.add(generator.chance(10) ? driver.machine.closed() : [])
            }
        }

        private mutating func carryOut() {
            for action in driver.actions {
                if hasEnded, action != .abort { faults.append("acts after its end: \(action)") }
                switch action {
                // The end of a content comes before anything behind it.
                case .write(let bytes):
                    while !leaving.isEmpty {
                        let ticket = leaving.removeFirst()
                        driver.machine.contentFlushed(ticket)
                        flushed.insert(ticket)
                        server.readContent(of: ticket)
                    }
                    server.read(bytes)
                case .writeContent(let ticket): leaving.append(ticket)
                case .complete(let ticket, let result): results[ticket, default: []].append(result)
                case .giveBack(let ticket, _): results[ticket, default: []].append(nil)
                case .abort, .close: hasEnded = true
                case .failed, .ready, .startTLS: break
                }
            }
            driver.actions = []
        }
    }

    @Test("every message gets one answer, and it is the truth", arguments: 0..<40)
    func truth(batch: Int) throws {
        for seed in (batch * 100)..<(batch * 100 + 100) {
            var dialogue = Dialogue(seed: UInt64(seed))
            try dialogue.run()
            #expect(dialogue.faults == [], "seed \(seed)")
            #expect(dialogue.server.faults == [], "seed \(seed)")
            for ticket in 0..<dialogue.begun {
                let ticket = ticket + 1
                let results = dialogue.results[ticket] ?? []
                #expect(results.count == 1, "seed \(seed), message \(ticket)")
                guard let result = results.first else { continue }
                let fate = dialogue.server.fates[ticket]
                switch result {
                case .success: #expect(fate == .accepted, "seed \(seed), message \(ticket)")
                // Uncertain only when all of it has left and no answer was read.
                case .failure(let error) where error.code == .uncertain:
                    #expect(dialogue.flushed.contains(ticket), "seed \(seed), message \(ticket)")
                case .failure: #expect(fate == nil || fate == .refused, "seed \(seed), message \(ticket)")
                case nil: #expect(fate == nil, "seed \(seed), message \(ticket)")
                }
            }
        }
    }

    @Test("the dialogues reach every kind of end")
    func coverage() throws {
        var ends: Set<String> = []
        for seed in 0..<2000 {
            var dialogue = Dialogue(seed: UInt64(seed))
            try dialogue.run()
            for result in dialogue.results.values.joined() {
                switch result {
                case .success: ends.insert("accepted")
                case .failure(let error): ends.insert(error.code.rawValue)
                case nil: ends.insert("given back")
                }
            }
        }
        let expected = [
            "accepted", "badAddress", "connection", "given back", "rejected", "temporary", "throttled", "timeout",
            "tooLarge", "uncertain",
        ]
        #expect(ends.sorted() == expected)
    }
}
