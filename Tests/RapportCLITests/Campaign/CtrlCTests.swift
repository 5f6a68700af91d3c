import Foundation
import Testing

@testable import RapportCLI

/// In processes of their own, because a signal is for all of one.
@Suite("Ctrl-C")
struct CtrlCTests {
    @Test("does not lose what was done all the same")
    func done() async {
        await #expect(processExitsWith: .success) {
            CtrlC.remember()
            let result = try await CtrlC.cancelling {
                kill(getpid(), SIGINT)
                while !Task.isCancelled { await Task.yield() }
                return 7
            }
            #expect(result == 7)
            exit(result == 7 ? 0 : 1)
        }
    }

    @Test("cancels work that looks whether it is")
    func cancelled() async {
        await #expect(processExitsWith: .success) {
            CtrlC.remember()
            await #expect(throws: CancellationError.self) {
                try await CtrlC.cancelling {
                    kill(getpid(), SIGINT)
                    try await Task.sleep(for: .seconds(60))
                }
            }
        }
    }
}
