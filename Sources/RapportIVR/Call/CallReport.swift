import RapportChannels
import RapportCore

/// What one request of a telephone exchange says of one call, whatever form it came in.
struct CallReport: Sendable {
    enum Moment: Hashable, Sendable {
        case started
        case answered
        /// Keys, words or silence after a step of the menu.
        case input(CallFlow.Input, CallState)
        /// A message was left; `state` when the call goes on from there.
        case recorded(Recording, state: CallState?)
        case completed
        /// Not answered, busy, failed, or given up before it was answered.
        case missed
        case unknown
    }

    struct Recording: Hashable, Sendable {
        var id: String
        var url: String
        var seconds: Int?
    }

    /// The exchange's own name of the call.
    var call: String
    var moment: Moment
    /// Tells apart moments of one kind: a status's sequence number, a source id.
    var distinction: String?
    var direction: Direction
    var from: String?
    var to: String?
    /// `nil` when the caller withholds the number.
    var customer: RawAddress?
    var occurredAt: Timestamp?
    var attributes: [String: String]
    /// There is nobody left to hear an answer: the line is down, or a machine took the call.
    var isOver: Bool

    var kind: InteractionKind {
        switch moment {
        case .started: .callStarted
        case .answered: .callAnswered
        case .input(.speech, _): .callSpeech
        case .input: .callDigits
        case .recorded: .callRecorded
        case .completed: .callCompleted
        case .missed: .callMissed
        case .unknown: .unknown
        }
    }

    /// The same for every delivery of the same moment, and another one for every other moment.
    var sourceID: String {
        if let distinction { return "\(call):\(distinction)" }
        switch moment {
        case .input(_, let state): return "\(call):step:\(state.step)"
        case .recorded(let recording, _): return "\(call):recording:\(recording.id)"
        case .started, .answered, .completed, .missed, .unknown: return "\(call):\(kind.rawValue)"
        }
    }
}
