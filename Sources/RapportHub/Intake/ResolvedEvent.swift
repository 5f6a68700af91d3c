import Crypto
import RapportChannels
import RapportCore
import RapportLog

/// An event whose addresses are normalized and whose repetition can be found.
///
/// A class because it is large and passes through many hands.
final class ResolvedEvent: Sendable {
    let event: InboundEvent
    let adapter: String
    let addresses: [Address]
    /// Why addresses could not be normalized, without the addresses.
    let problems: [String]
    /// By which the events of one call find each other; another exchange may count its calls in the same way.
    let exchangeKey: String?
    /// What the customer waits for after it.
    let wantedFollowUp: (kind: String, summary: String)?
    let item: IntakeItem

    init(
        _ event: InboundEvent, adapter: String, region: String, normalizer: any AddressNormalizing,
        settings: IntakeSettings
    ) {
        var addresses: [Address] = []
        var problems: [String] = []
        for raw in event.customerAddresses.prefix(Self.addressLimit) {
            do throws(AddressError) {
                let address = try normalizer.normalize(raw, region: region)
                if !addresses.contains(address) { addresses.append(address) }
            } catch {
                problems.append("\(raw.scheme.rawValue): \(error.reason)")
            }
        }
        self.event = event
        self.adapter = adapter
        self.addresses = addresses
        self.problems = problems
        exchangeKey = event.conversation.map { "\(adapter) \($0)" }
        wantedFollowUp = event.wantedFollowUp
        item = IntakeItem(
            key: Self.key(of: event, adapter: adapter, addresses: addresses, settings: settings),
            addresses: addresses, customer: event.customer, dispatch: event.dispatch,
            conversationKeys: Array(event.answers.prefix(Self.answerLimit)) + (exchangeKey.map { [$0] } ?? []),
            conversation: event.conversation, isAnswer: event.isAnswer,
            wantsAllAddresses: event.changesConsent,
            wantsProfile: !event.requests.isEmpty || wantedFollowUp != nil, followUpKind: wantedFollowUp?.kind)
    }

    /// More addresses than this in one event are not a customer's.
    private static let addressLimit = 16
    /// A thread's ancestors that are looked up.
    private static let answerLimit = 32

    /// `(adapter, sourceID)`, or adapter, sender and content within a window. A colleague's own act never repeats.
    private static func key(
        of event: InboundEvent, adapter: String, addresses: [Address], settings: IntakeSettings
    ) -> RepetitionKey? {
        if let sourceID = event.sourceID {
            return RepetitionKey(digest: SHA256.hash(data: joined([adapter, "id", sourceID])), windowSeconds: nil)
        }
        guard let bytes = event.ownBytes else { return nil }
        var hash = SHA256()
        hash.update(
            data: joined([adapter, "content", event.kind.rawValue, addresses.first?.uri ?? event.from ?? ""]))
        hash.update(data: bytes)
        return RepetitionKey(digest: hash.finalize(), windowSeconds: settings.contentWindowSeconds)
    }

    /// Each part with its length before it, so that no two lists of parts are the same bytes.
    private static func joined(_ parts: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(parts.reduce(0) { $0 + $1.utf8.count + 8 })
        for part in parts {
            bytes += String(part.utf8.count).utf8
            bytes.append(UInt8(ascii: ":"))
            bytes += part.utf8
        }
        return bytes
    }
}

extension RepetitionKey {
    fileprivate init(digest: SHA256.Digest, windowSeconds: Int64?) {
        let words = digest.withUnsafeBytes { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        self.init(high: words.0, low: words.1, windowSeconds: windowSeconds)
    }
}
