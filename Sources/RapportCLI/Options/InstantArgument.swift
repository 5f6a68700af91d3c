import ArgumentParser
import RapportCore

/// An instant on the command line, such as `2026-03-01T09:00:00+08:00`.
struct InstantArgument: ExpressibleByArgument {
    let instant: Timestamp

    init?(argument: String) {
        guard let instant = Timestamp(rfc3339: argument) else { return nil }
        self.instant = instant
    }
}
