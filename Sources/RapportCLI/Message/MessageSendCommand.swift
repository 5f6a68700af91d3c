import ArgumentParser
import Crypto
import Foundation
import RapportApp
import RapportChannels
import RapportCore
import RapportHub
import RapportLog

struct MessageSendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send", abstract: "Send one message to one customer.",
        discussion: """
            The text is --text, or a --file, or standard input. To an address it goes to that address only; to an id, to the \
            customer's address for the first channel that has one. The id that is printed is good for ‘rapport message show’.

              rapport message send --to ana@example.com --channel email \\
                --class service --topic care --subject "Your repair" \\
                --text "The part has arrived." --closes f12 --wait

            With --closes it is an answer: a mail continues the customer's thread, and the follow-up closes when it is taken.

            {{preferencesURL}} in the text becomes the link to the customer's page, where they confirm what waits for it \
            (double opt-in).

            With --key the same message is planned once, however often the command runs; another one under the same key is \
            refused.

            With --wait: exit code 0 when it was accepted or delivered, 1 when it was not, or not yet.
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: ArgumentHelp("An id such as c42, or an address.", valueName: "customer"))
    var to: String

    @Option(name: .long, help: "How it goes; give it again for what to try next.")
    var channel: [OutboundChannel]

    @Option(name: .customLong("class"), help: "What it is for.")
    var messageClass: SingleMessageClass

    @Option(name: .long, help: "A topic of the contact policy.")
    var topic: String

    @Option(name: .long, help: "For a mail.")
    var subject: String?

    @Option(name: .long, help: "What it says.")
    var text: String?

    @Option(name: .long, help: "A file in UTF-8 with what it says.", completion: .file())
    var file: String?

    @Option(name: .long, help: ArgumentHelp("A follow-up that it answers; may be given again.", valueName: "f12"))
    var closes: [String] = []

    @Option(name: .long, help: "A name of your own that makes it happen once.")
    var key: String?

    @Flag(name: .long, help: "Wait until it is known what became of it.")
    var wait = false

    @Option(name: .long, help: ArgumentHelp("Don't wait longer than this.", valueName: "seconds"))
    var timeout = 60

    func validate() throws {
        guard !channel.isEmpty else { throw ValidationError("--channel is missing") }
        guard Set(channel).count == channel.count else { throw ValidationError("a --channel stands here twice") }
        guard text == nil || file == nil else { throw ValidationError("give --text or --file, not both") }
        guard !channel.contains(where: { $0.channel == .email }) || subject?.isEmpty == false else {
            throw ValidationError("a mail needs a --subject")
        }
        guard closes.allSatisfy({ FollowUpID($0) != nil }) else {
            throw ValidationError("--closes: expected an id such as f12")
        }
        guard (1...86_400).contains(timeout) else { throw ValidationError("--timeout: expected 1 to 86400 seconds") }
    }

    private var source: MessageSource {
        text.map { .text($0) } ?? file.map { .file($0) } ?? .standardInput
    }

    func run() async throws {
        try await Failure.told {
            if source == .standardInput, Terminal.canAsk { Terminal.error("the text, then Ctrl-D:") }
            let words = try source.read()
            let (planned, customer, row) = try await store.withHub { hub in
                let (planned, customer) = try await plan(words, hub: hub)
                guard wait else { return (planned, customer, DispatchRow?.none) }
                // Whoever is cut off while waiting has to know that it is planned, and what it is called.
                Terminal.error("\(planned.id) is planned")
                let now = hub.clock()
                if try await !hub.store.status(at: now).nodes.contains(where: { $0.isAlive(at: now) }) {
                    Terminal.error("no hub is running on this store; the message waits for ‘rapport serve’")
                }
                let row = try await MessageWatch(store: hub.store).follow(planned.id, seconds: timeout)
                return (planned, customer, row)
            }
            try show(planned, to: customer, row)
        }
    }

    func plan(_ words: String, hub: HubContext) async throws -> (PlannedDispatch, CustomerID) {
        if let earlier = try await repetition(of: words, hub: hub) { return earlier }
        let found = try await hub.resolve(customer: to)
        guard !found.customer.erased else { throw MessageError.erased(found.customer.id) }
        let channels = channel.map(\.channel)
        // An id of another system names the customer, and no place to send to.
        let address = found.address.flatMap { $0.scheme == .id ? nil : $0 }
        if let scheme = address?.scheme, !channels.contains(where: scheme.carries) {
            throw MessageError.wrongChannel(scheme)
        }
        let topic = try ConsentScope.topic(topic, in: try hub.policy.current)
        let answered = try await AnsweredFollowUps.read(
            closes.compactMap { FollowUpID($0) }, of: found.customer.id, under: scopedKey, store: hub.store)
        let message = SingleMessage(subject: subject, text: words, author: Author.name, isPersonal: true).answering(
            answered)
        let planned = try await hub.messageDesk().send(
            message, to: found.customer, channels: channels, messageClass: messageClass.messageClass, topic: topic,
            key: scopedKey, digest: key.map { _ in digest(of: words) }, address: address)
        // Somebody else may have planned one under the key meanwhile.
        if planned.isRepetition, let earlier = try await repetition(of: words, hub: hub) { return earlier }
        return (planned, found.customer.id)
    }

    private var scopedKey: String? { key.map { "cli:\($0)" } }

    /// The message that was planned under the key before, with the customer it was planned for.
    ///
    /// - Throws: `DeskError.keyInUse` when it says something else or goes to somebody else.
    private func repetition(of words: String, hub: HubContext) async throws -> (PlannedDispatch, CustomerID)? {
        let found: (planned: PlannedDispatch, row: DispatchRow)?
        do {
            found = try await hub.messageDesk().planned(under: scopedKey, digest: key.map { _ in digest(of: words) })
        } catch DeskError.keyInUse {
            // Earlier versions compared the recipient as it was typed, too.
            found = try await hub.messageDesk().planned(
                under: scopedKey, digest: key.map { _ in digest(of: words, to: [to]) })
        }
        guard let (planned, row) = found else { return nil }
        guard try await isRecipient(of: row, hub: hub) else { throw DeskError.keyInUse }
        return (planned, row.customer)
    }

    /// Whether `--to` names who gets a message: its customer, or an address that it may go to, however that is written and
    /// whoever has it now.
    private func isRecipient(of row: DispatchRow, hub: HubContext) async throws -> Bool {
        if CustomerID(to) == nil, let address = try? hub.resolver.address(to), address.scheme != .id {
            return try await hub.store.routes(of: row.id).contains { $0.address == address }
        }
        let customer = try await hub.resolve(customer: to).customer.id
        return try await hub.store.aliases(of: customer).contains(row.customer)
    }

    /// By which a message with other words under the same key is known. Whom it goes to is compared by itself, because it
    /// can be written in several ways.
    private func digest(of words: String, to recipient: [String] = []) -> String {
        var parts = recipient + [messageClass.rawValue, topic, subject ?? "", words]
        parts += channel.map { $0.channel.rawValue }
        parts.append("closes")
        parts += closes
        // Each with its length before it, so that no two lists of parts are the same text.
        let text = parts.map { "\($0.utf8.count):\($0)" }.joined()
        return Hex.encode(SHA256.hash(data: Data(text.utf8)))
    }

    private func show(_ planned: PlannedDispatch, to customer: CustomerID, _ row: DispatchRow?) throws {
        if output.json {
            let known: [(String, JSONField)] =
                row.map(MessageText.fields)
                ?? [("dispatch", .text(planned.id.description)), ("customer", .text(customer.description))]
            JSONLine.show(known + [("repetition", .flag(planned.isRepetition))])
        } else {
            Terminal.line(row.map(MessageText.outcome) ?? planned.id.description)
            if planned.isRepetition { Terminal.error("it was planned before under this key; nothing new was planned") }
        }
        if let row, ![.accepted, .delivered].contains(row.state) { throw ExitCode(1) }
    }
}
