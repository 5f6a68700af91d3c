package import RapportCore
package import RapportPolicy

/// Checks the cells of a customer file. Pure.
package struct ImportRowReader: Sendable {
    let normalizer: any AddressNormalizing
    let region: String
    /// Of the contact policy.
    let topics: Set<String>
    let zones: ZoneDatabase

    package init(normalizer: any AddressNormalizing, region: String, topics: Set<String>, zones: ZoneDatabase) {
        self.normalizer = normalizer
        self.region = region
        self.topics = topics
        self.zones = zones
    }

    /// - Throws: `ImportProblem` with the first thing that is wrong; the line is then left out whole.
    package func read(_ cells: [String: String]) throws(ImportProblem) -> ImportRow {
        func cell(_ column: String) -> String? {
            cells[column].flatMap { $0.isEmpty ? nil : $0 }
        }
        let id = try cell("id").map { text throws(ImportProblem) in try address(.id, text, column: "id") }
        var addresses = id.map { [$0] } ?? []
        for (column, scheme) in [("email", Address.Scheme.mailto), ("phone", .tel)] {
            for text in (cell(column) ?? "").split(separator: ";") {
                addresses.append(try address(scheme, String(text), column: column))
            }
        }
        guard !addresses.isEmpty else { throw ImportProblem(reason: "no id, email or phone") }
        if let zone = cell("timeZone"), zones.zone(named: zone) == nil {
            throw ImportProblem(reason: "timeZone: expected an IANA name such as Asia/Shanghai")
        }
        if let language = cell("language"), !Self.isLanguage(language) {
            throw ImportProblem(reason: "language: expected a tag such as en or zh-CN")
        }
        return ImportRow(
            id: id, addresses: addresses, name: cell("name"), language: cell("language"), timeZone: cell("timeZone"),
            household: cell("household"), owner: cell("owner"), tags: Self.list(cell("tags")),
            attributes: cells.filter { !ImportRow.columns.contains($0.key) && !$0.value.isEmpty },
            consents: try consents(cell("consents") ?? ""))
    }

    private func address(
        _ scheme: Address.Scheme, _ text: String, column: String
    ) throws(ImportProblem) -> Address {
        do throws(AddressError) {
            return try normalizer.normalize(RawAddress(cell: text, scheme), region: region)
        } catch {
            throw ImportProblem(reason: "\(column): \(error.reason)")
        }
    }

    /// The word for a yes that the customer confirmed, beside the states of the ledger.
    private static let confirmed = "confirmed"

    /// `offers:email:granted:2026-01-05T10:00:00Z; news:*:denied`
    private func consents(_ text: String) throws(ImportProblem) -> [ImportRow.Consent] {
        var consents: [ImportRow.Consent] = []
        for entry in text.split(separator: ";") {
            let parts = entry.split(separator: ":", maxSplits: 3).map { $0.filter { $0 != " " } }
            let isConfirmed = parts.count >= 3 && parts[2] == Self.confirmed
            guard parts.count >= 3, let state = isConfirmed ? .granted : ConsentEntry.State(rawValue: parts[2]) else {
                throw ImportProblem(
                    reason: "consents: expected topic:channel:granted, or …:confirmed, …:denied or …:pending")
            }
            guard parts[0] == "*" || topics.contains(parts[0]) else {
                throw ImportProblem(reason: "consents: the policy has no topic ‘\(parts[0])’")
            }
            let channel = Channel(rawValue: parts[1])
            guard parts[1] == "*" || channel.map(Channel.outbound.contains) == true else {
                throw ImportProblem(reason: "consents: there is no channel ‘\(parts[1])’")
            }
            let at = parts.count == 4 ? Timestamp(rfc3339: parts[3]) : nil
            guard parts.count == 3 || at != nil else {
                throw ImportProblem(reason: "consents: expected an instant such as 2026-01-05T10:00:00Z")
            }
            consents.append(
                .init(
                    topic: parts[0] == "*" ? nil : parts[0], channel: channel, state: state, isConfirmed: isConfirmed,
                    at: at))
        }
        return consents
    }

    private static func list(_ text: String?) -> Set<String> {
        Set((text ?? "").split(separator: ";").map { $0.drop { $0 == " " } }.map(String.init).filter { !$0.isEmpty })
    }

    /// The shape of a BCP 47 tag: letters and digits in groups of one to eight.
    private static func isLanguage(_ text: String) -> Bool {
        let groups = text.split(separator: "-", omittingEmptySubsequences: false)
        return (2...3).contains(groups[0].utf8.count)
            && groups.allSatisfy { group in
                (1...8).contains(group.utf8.count) && group.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
            }
    }
}
