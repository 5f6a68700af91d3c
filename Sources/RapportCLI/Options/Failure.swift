import ArgumentParser

/// Ends a command with a sentence on standard error and exit code 2.
enum Failure {
    /// Runs a command's work; what it throws is told in one line, without a stack or a type's name.
    static func told(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let code as ExitCode {
            throw code
        } catch let error as ValidationError {
            throw error
        } catch is CancellationError {
            throw ExitCode(130)
        } catch {
            Terminal.error("rapport: \(PlainText.lines("\(error)"))")
            throw ExitCode(2)
        }
    }
}
