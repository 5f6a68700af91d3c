package import RapportCore

/// Checks the cells of a file of addresses that must not be used. Pure.
package struct SuppressionRowReader: Sendable {
    /// The columns that mean something.
    static let columns = ["address", "email", "phone", "reason", "at", "until"]

    let normalizer: any AddressNormalizing
    let region: String

    package init(normalizer: any AddressNormalizing, region: String) {
        self.normalizer = normalizer
        self.region = region
    }

    /// - Returns: one entry for each address of the line.
    /// - Throws: `ImportProblem` with the first thing that is wrong; the line is then left out whole.
    package func read(_ cells: [String: String], at now: Timestamp) throws(ImportProblem) -> [SuppressionEntry] {
        let addresses = try addresses(cells)
        guard !addresses.isEmpty else { throw ImportProblem(reason: "no address, email or phone") }
        let reason = try reason(Self.text(cells["reason"]))
        let at = try instant(Self.text(cells["at"]), column: "at")
        let until = try instant(Self.text(cells["until"]), column: "until")
        var entries: [SuppressionEntry] = []
        for address in addresses {
            let entry = SuppressionEntry(address: address, reason: reason, at: at, until: until)
            do throws(SuppressionError) {
                try entry.check(at: now)
            } catch {
                throw ImportProblem(reason: error.description)
            }
            entries.append(entry)
        }
        return entries
    }

    private func addresses(_ cells: [String: String]) throws(ImportProblem) -> [Address] {
        var addresses: [Address] = []
        if let text = Self.text(cells["address"]) {
            addresses.append(try address(RawAddress(guessing: text), column: "address"))
        }
        for (column, scheme) in [("email", Address.Scheme.mailto), ("phone", .tel)] {
            for text in (cells[column] ?? "").split(separator: ";") {
                addresses.append(try address(RawAddress(cell: String(text), scheme), column: column))
            }
        }
        return addresses
    }

    private func address(_ raw: RawAddress, column: String) throws(ImportProblem) -> Address {
        do throws(AddressError) {
            return try normalizer.normalize(raw, region: region)
        } catch {
            throw ImportProblem(reason: "\(column): \(error.reason)")
        }
    }

    private func reason(_ text: String?) throws(ImportProblem) -> Suppression.Reason {
        guard let text else { return .manual }
        guard let reason = Suppression.Reason(rawValue: text) else {
            throw ImportProblem(reason: "reason: expected hard-bounce, stop, complaint or manual")
        }
        return reason
    }

    private func instant(_ text: String?, column: String) throws(ImportProblem) -> Timestamp? {
        guard let text else { return nil }
        guard let instant = Timestamp(rfc3339: text) else {
            throw ImportProblem(reason: "\(column): expected an instant such as 2026-01-05T10:00:00Z")
        }
        return instant
    }

    /// `nil` for a cell that is empty.
    private static func text(_ cell: String?) -> String? {
        let text = (cell ?? "").drop { $0 == " " }
        return text.isEmpty ? nil : String(text)
    }
}
