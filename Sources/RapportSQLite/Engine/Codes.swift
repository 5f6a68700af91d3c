import GRDB
import RapportCore
import RapportLog

/// A word of the model that is stored as a number. The numbers are part of the file format: they are listed at the top
/// of the first migration and never change.
protocol NumberCoded {
    var code: Int64 { get }
    init(code: Int64) throws
}

/// A stored number that stands for nothing, so the file was not written by this program or is damaged.
struct UnknownCode: Error {
    var type: String
    var code: Int64
}

/// Finds the case of a number; the tables below are small enough to search.
private func find<T: NumberCoded & CaseIterable>(_ code: Int64, _: T.Type) throws -> T {
    guard let value = T.allCases.first(where: { $0.code == code }) else {
        throw UnknownCode(type: "\(T.self)", code: code)
    }
    return value
}

extension Channel: NumberCoded {
    var code: Int64 {
        switch self {
        case .email: 1
        case .sms: 2
        case .webhook: 3
        case .ivr: 4
        case .web: 5
        case .desk: 6
        }
    }

    init(code: Int64) throws { self = try find(code, Self.self) }
}

extension Direction: NumberCoded {
    var code: Int64 {
        switch self {
        case .inbound: 0
        case .outbound: 1
        case .internal: 2
        }
    }

    init(code: Int64) throws { self = try find(code, Self.self) }
}

extension MessageClass: NumberCoded {
    /// In the order in which the queue is served.
    var code: Int64 {
        switch self {
        case .transactional: 0
        case .service: 1
        case .marketing: 2
        }
    }

    init(code: Int64) throws { self = try find(code, Self.self) }
}

extension DispatchState: NumberCoded {
    /// From 10 on in order of certainty, so that joining two of them is taking the greater one.
    var code: Int64 {
        switch self {
        case .planned: 0
        case .deferred: 1
        case .claimed: 2
        case .skipped: 3
        case .cancelled: 4
        case .handedOff: 10
        case .unknown: 11
        case .accepted: 12
        case .failed: 13
        case .delivered: 14
        case .bounced: 15
        }
    }

    init(code: Int64) throws { self = try find(code, Self.self) }
}

extension CampaignRecord.State: NumberCoded {
    var code: Int64 {
        switch self {
        case .planning: 0
        case .sending: 1
        case .paused: 2
        case .completed: 3
        case .cancelled: 4
        }
    }

    init(code: Int64) throws { self = try find(code, Self.self) }
}

extension ConsentEntry.State: NumberCoded {
    var code: Int64 {
        switch self {
        case .denied: 0
        case .granted: 1
        case .pending: 2
        }
    }

    init(code: Int64) throws { self = try find(code, Self.self) }
}

extension Timestamp {
    init?(_ column: Int64?) {
        guard let column else { return nil }
        self.init(milliseconds: column)
    }
}

extension Row {
    func instant(_ index: Int) -> Timestamp { Timestamp(milliseconds: self[index]) }
    func instant(ifAny index: Int) -> Timestamp? { Timestamp(self[index] as Int64?) }

    func address(_ index: Int, deliverable: Int? = nil) throws -> Address {
        let uri: String = self[index]
        guard let address = Address(normalized: uri, deliverable: deliverable.flatMap { self[$0] as String? }) else {
            throw UnknownCode(type: "Address", code: 0)
        }
        return address
    }
}
