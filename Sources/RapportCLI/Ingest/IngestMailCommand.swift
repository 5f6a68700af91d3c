import ArgumentParser
import RapportApp

struct IngestMailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mail", abstract: "Take in mails from files, as if an MTA had delivered them.",
        discussion: """
            Reads one mail (.eml), a mailbox file (mbox), a Maildir, a folder of these, or with - the standard input. \
            Bounces, receipts, automatic answers, wishes to unsubscribe and replies are understood as they are over LMTP, \
            with the same effects: old mails open follow-ups too. What can't be read as a mail is kept as ‘unparsed’.

            A mail that is in the log already changes nothing, so a run that was cut off is simply started again, and a \
            folder can be taken in every night. The mailboxes for bounces are those of an adapter of type lmtp: the \
            configuration's first, or --adapter NAME.

            Exit codes: 0 everything is in the log; 1 some files could not be read or are too large; 2 it had to stop.

            Examples:
              rapport ingest mail ~/Maildir
              rapport ingest mail support-2025.mbox
              formail -s rapport ingest mail - < archive.mbox
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Argument(help: "A file, a folder, or -.", completion: .file())
    var source: String

    @Option(name: .long, help: ArgumentHelp("The lmtp adapter whose mail this is.", valueName: "name"))
    var adapter: String?

    func run() async throws {
        try await Failure.told {
            let bar = ProgressBar("mails")
            let summary = try await store.withHub(mayMakeStore: true) { hub in
                let ingest = try MailIngest(hub, adapter: adapter)
                return try await ingest.run(source) { bar.show($0, of: nil) }
            }
            bar.finish()
            show(summary)
            if !summary.problems.isEmpty { throw ExitCode(1) }
        }
    }

    private func show(_ summary: MailIngest.Summary) {
        if summary.mails == 0, summary.problems.isEmpty {
            Terminal.error("rapport: no mail there; of a folder only its own .eml and .mbox files are read")
        }
        for problem in summary.problems { Terminal.error("rapport: \(PlainText.line(problem))") }
        if output.json {
            JSONLine.show([
                ("mails", .number(summary.mails)), ("new", .number(summary.new)),
                ("repetitions", .number(summary.repetitions)), ("kinds", JSONField(summary.kinds)),
                ("unreadable", .number(summary.problems.count)),
            ])
            return
        }
        Terminal.line(
            "\(Spoken.count(summary.mails, "mail")): \(Spoken.count(summary.new, "new event")), "
                + "\(summary.repetitions) in the log already, "
                + "\(summary.kinds["unparsed"] ?? 0) unparsed, \(summary.problems.count) not taken")
        for (kind, count) in summary.kinds.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            Terminal.line("  \(String(repeating: " ", count: max(0, 8 - "\(count)".count)))\(count)  \(kind)")
        }
    }
}
