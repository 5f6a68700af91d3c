import Foundation
import RapportCore

/// Effects as text, one a line: the frequent ones in a short form, the others as JSON.
///
///     C17                        customerCreated
///     A17 mailto:ana@example.com addressAttached
///     P17 {"name":"Ana"}         profileSet, of words alone
///     D9 delivered               dispatchAdvanced
///     R17 spring                 responded
///     F{"id":"9",…}              followUpOpened
///     N["m9","<1@example.com>"]  conversationNamed
///     I17 42,43                  identityConflicted
///     {"suppressed":{…}}         any other
enum EffectText {
    static func encode(_ effects: [Effect]) throws -> String? {
        guard !effects.isEmpty else { return nil }
        var lines: [String] = []
        for effect in effects {
            switch effect {
            case .customerCreated(let id): lines.append("C\(id.number)")
            case .dispatchAdvanced(let id, let state): lines.append("D\(id.number) \(state.rawValue)")
            case .followUpOpened(let followUp): lines.append("F" + FlatEffect.encode(followUp))
            case .conversationNamed(let name, let keys): lines.append("N" + FlatJSON.encode([name] + keys))
            case .responded(let id, let campaign) where !campaign.utf8.contains(10):
                lines.append("R\(id.number) \(campaign)")
            case .identityConflicted(let id, let others):
                lines.append("I\(id.number) \(others.map { "\($0.number)" }.joined(separator: ","))")
            case .addressAttached(let id, let address)
            where address.uri == address.deliverableURI && !address.uri.utf8.contains(10):
                lines.append("A\(id.number) \(address.uri)")
            case .profileSet(let id, let profile):
                lines.append(try FlatEffect.encode(profile).map { "P\(id.number) \($0)" } ?? json(effect))
            default: lines.append(try json(effect))
            }
        }
        return lines.joined(separator: "\n")
    }

    static func decode(_ text: String?) throws -> [Effect] {
        guard let text else { return [] }
        return try text.utf8.split(separator: 10).map { try decode(line: Substring($0)) }
    }

    private static func decode(line: Substring) throws -> Effect {
        guard let tag = line.utf8.first else { throw UnknownCode(type: "Effect", code: 0) }
        if tag == UInt8(ascii: "{") {
            return try JSONDecoder().decode(Effect.self, from: Data(line.utf8))
        }
        if tag == UInt8(ascii: "F"), let followUp = try FlatEffect.followUp(String(line.dropFirst())) {
            return .followUpOpened(followUp)
        }
        if tag == UInt8(ascii: "N"), case let names = try FlatJSON.strings(String(line.dropFirst())),
            let name = names.first
        {
            return .conversationNamed(name, keys: Array(names.dropFirst()))
        }
        // By bytes: a mark that follows the blank would make one character of both.
        let parts = line.utf8.dropFirst().split(separator: UInt8(ascii: " "), maxSplits: 1)
            .map { String(Substring($0)) }
        if let first = parts.first, let number = Int64(first) {
            let rest = parts.count == 2 ? parts[1] : ""
            switch tag {
            case UInt8(ascii: "C"): return .customerCreated(CustomerID(number))
            case UInt8(ascii: "A"):
                if let address = Address(normalized: rest) { return .addressAttached(CustomerID(number), address) }
            case UInt8(ascii: "P"): return .profileSet(CustomerID(number), try FlatEffect.profile(rest))
            case UInt8(ascii: "R"): return .responded(CustomerID(number), campaign: rest)
            case UInt8(ascii: "D"):
                if let state = DispatchState(rawValue: rest) { return .dispatchAdvanced(DispatchID(number), state) }
            case UInt8(ascii: "I"):
                let others = rest.split(separator: ",").compactMap { Int64($0) }.map(CustomerID.init)
                if !others.isEmpty { return .identityConflicted(CustomerID(number), with: others) }
            default: break
            }
        }
        throw UnknownCode(type: "Effect", code: Int64(tag))
    }

    private static func json(_ effect: Effect) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(effect), as: UTF8.self)
    }
}
