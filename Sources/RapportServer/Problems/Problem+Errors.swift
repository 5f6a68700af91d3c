import Hummingbird
import Logging
import RapportChannels
import RapportCore
import RapportHub
import RapportLog

extension Problem {
    /// What an error of the hub's services means to a client; what is for a person to mend is logged.
    static func answering(_ error: any Error, retryAfterSeconds: Int, logger: Logger) -> Problem {
        let problem = Problem.of(error, retryAfterSeconds: retryAfterSeconds)
        if let error = error as? StoreError {
            // Its text holds no values, and a store that fails is for a person to mend, whatever the client is told.
            logger.error("request failed", metadata: ["error": "\(error)"])
        } else if problem == nil {
            // The type alone: an unforeseen error's text may hold anything.
            logger.error("request failed", metadata: ["error": "\(type(of: error))"])
        }
        return problem ?? Problem(.internalServerError, "internal")
    }

    /// - Returns: `nil` for an error that nobody foresaw: the client learns nothing of it and the log does.
    private static func of(_ error: any Error, retryAfterSeconds: Int) -> Problem? {
        switch error {
        case let problem as Problem: problem
        case let error as EventSinkError: .unavailable(error.rawValue, retryAfterSeconds: retryAfterSeconds)
        case let error as StoreError where error.isRetryable || error.code == .closed:
            .unavailable("store-\(error.code.rawValue)", retryAfterSeconds: retryAfterSeconds)
        case let error as DeskError: desk(error)
        case let error as SuppressionError: suppression(error)
        case let error as CampaignError: campaign(error)
        case let error as InboundRejection: rejected(error)
        case let error as HTTPError where error.status == .notFound: .notFound
        default: nil
        }
    }

    private static func desk(_ error: DeskError) -> Problem {
        switch error {
        case .unknownCustomer, .unknownFollowUp: .notFound(error.description)
        case .closedFollowUp, .answeredFollowUp, .foreignFollowUp, .alreadyMerged, .notMerged, .sameCustomer, .erased:
            Problem(.conflict, "conflict", error.description)
        case .identityConflict(let customers): identityConflict(customers, error.description)
        case .keyInUse: .keyInUse
        case .unknownAddress, .noRoute, .badAddress, .unknownAdapter:
            Problem(.unprocessableContent, "unreachable", error.description)
        }
    }

    private static func identityConflict(_ customers: [CustomerID], _ detail: String) -> Problem {
        var problem = Problem(.conflict, "identity-conflict", detail)
        problem.members = [
            JSONValue.Member("customers", .array(customers.prefix(10).map { .string($0.description) }))
        ]
        return problem
    }

    private static func suppression(_ error: SuppressionError) -> Problem {
        switch error {
        case .notSuppressed: .notFound(error.description)
        case .customersWord, .keptForErased: Problem(.conflict, "conflict", error.description)
        case .hubsOwn, .notYet, .over: Problem(.unprocessableContent, "suppression", error.description)
        }
    }

    private static func campaign(_ error: CampaignError) -> Problem {
        switch error {
        case .unknown: .notFound(error.description)
        case .alreadyRan, .wrongState: Problem(.conflict, "conflict", error.description)
        case .noAdapter, .unknownAdapter, .unusedAdapter, .unknownTopic, .unreadableAudience, .changedAudience,
            .unreadableDefinition:
            Problem(.unprocessableContent, "campaign", error.description)
        }
    }

    /// A forger learns that it was refused and nothing else, so both reasons look the same.
    private static func rejected(_ rejection: InboundRejection) -> Problem {
        switch rejection.code {
        case .signature, .stale: Problem(.unauthorized, "unauthorized")
        case .malformed: Problem(.badRequest, "malformed", rejection.detail.isEmpty ? nil : rejection.detail)
        case .method: .method(allowed: [.get, .post])
        case .tooLarge:
            Problem(.contentTooLarge, "too-large", rejection.detail.isEmpty ? nil : rejection.detail)
        case .path: .notFound
        }
    }
}
