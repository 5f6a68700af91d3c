import RapportChannels
import RapportCore

/// What Kannel's `%d` says of a message: bits of which one is set, or several when a gateway adds them up.
enum KannelStatus {
    private static let delivered = 1
    private static let failed = 2
    private static let buffered = 4
    private static let acceptedBySMSC = 8
    private static let rejectedBySMSC = 16
    private static let known = delivered | failed | buffered | acceptedBySMSC | rejectedBySMSC

    /// The most final of the bits decides; a number without one of them is unknown. Later versions than 1.4.5 say more
    /// with higher bits, beside one of these.
    static func outcome(_ status: String) -> DeliveryReport.Outcome {
        guard let number = Int(status), number > 0 else { return .unknown }
        let bits = number & known
        if bits & delivered != 0 { return .delivered }
        if bits & (failed | rejectedBySMSC) != 0 { return .failed }
        if bits & acceptedBySMSC != 0 { return .accepted }
        return bits & buffered != 0 ? .deferred : .unknown
    }

    static func kind(of outcome: DeliveryReport.Outcome) -> InteractionKind {
        switch outcome {
        case .accepted: .deliveryAccepted
        case .deferred: .deliveryDeferred
        case .delivered: .deliveryDelivered
        case .bounced: .deliveryBounced
        case .failed: .deliveryFailed
        case .complained: .complaintReceived
        case .unknown: .unknown
        }
    }
}
