import Crypto
import Foundation
import RapportChannels
import RapportCore
import RapportLog

/// One recipient of a campaign, with the values that belong to them alone.
struct Recipient: Sendable {
    var customer: Customer
    var variables: [String: String]
}

/// A row of the audience's file that names nobody.
package struct AudienceProblem: Hashable, Sendable, Codable {
    /// In the file, from 1; the heading is line 1.
    package var line: Int
    package var reason: String
}

/// Goes through a campaign's audience page by page, so that a million recipients never stand in memory at once.
struct AudienceReader {
    let store: any CustomerStoring
    let normalizer: any AddressNormalizing
    let region: String
    /// The campaign's folder, for its CSV.
    let folder: String?
    private let pageSize = 500

    init(store: any CustomerStoring, normalizer: any AddressNormalizing, region: String, folder: String?) {
        self.store = store
        self.normalizer = normalizer
        self.region = region
        self.folder = folder
    }

    /// By what a file is known again that was read before; `nil` for an audience without a file.
    func digest(of audience: CampaignDefinition.Audience) throws(CampaignError) -> String? {
        guard case .csv(let file) = audience else { return nil }
        return try opened(file).digest
    }

    /// - Parameter digest: of the file that it has to be; `nil`: any.
    func forEachPage(
        of audience: CampaignDefinition.Audience, digest: String? = nil,
        _ body: ([Recipient], [AudienceProblem]) async throws -> Void
    ) async throws {
        switch audience {
        case .everyone:
            try await pages(AudienceFilter(), body)
        case .filter(let tags, let withoutTags, let attributes, let languages):
            let filter = AudienceFilter(
                tags: tags, withoutTags: withoutTags, attributes: attributes, languages: languages)
            try await pages(filter, body)
        case .csv(let file):
            try await rows(of: file, digest: digest, body)
        }
    }

    private func pages(
        _ filter: AudienceFilter, _ body: ([Recipient], [AudienceProblem]) async throws -> Void
    ) async throws {
        var page = try await store.audience(filter, after: nil, limit: pageSize)
        while let last = page.last?.id {
            try Task.checkCancellation()
            // The next page is read while this one is worked on.
            async let next = store.audience(filter, after: last, limit: pageSize)
            try await body(page.map { Recipient(customer: $0, variables: [:]) }, [])
            page = try await next
        }
    }

    /// The file with the columns that find customers in it.
    private func opened(_ file: String) throws(CampaignError) -> (table: CSVTable, keys: [String], digest: String) {
        guard let folder else { throw .unreadableAudience("its folder is not here") }
        guard let text = try? String(contentsOf: URL(filePath: "\(folder)/\(file)"), encoding: .utf8) else {
            throw .unreadableAudience("‘\(file)’ is not there or is not CSV")
        }
        let table = CSVTable(text: text)
        let keys = ["id", "email", "phone"].filter(table.header.contains)
        guard !keys.isEmpty else { throw .unreadableAudience("‘\(file)’ has no column id, email or phone") }
        return (table, keys, Hex.encode(SHA256.hash(data: Array(text.utf8))))
    }

    private func rows(
        of file: String, digest: String?, _ body: ([Recipient], [AudienceProblem]) async throws -> Void
    ) async throws {
        let source = try opened(file)
        guard digest == nil || digest == source.digest else { throw CampaignError.changedAudience(file: file) }
        var table = source.table
        var seen: Set<CustomerID> = []
        while table.linesRead < table.lineCount {
            try Task.checkCancellation()
            var rows: [(line: Int, cells: [String: String])] = []
            var problems: [AudienceProblem] = []
            while rows.count < pageSize, let row = table.next() {
                switch row.cells {
                case .success(let cells): rows.append((row.line, cells))
                case .failure(let problem): problems.append(AudienceProblem(line: row.line, reason: problem.reason))
                }
            }
            let page = try await recipients(rows, keys: source.keys, seen: &seen)
            try await body(page.0, (problems + page.1).sorted { $0.line < $1.line })
        }
    }

    private func recipients(
        _ rows: [(line: Int, cells: [String: String])], keys: [String], seen: inout Set<CustomerID>
    ) async throws -> ([Recipient], [AudienceProblem]) {
        let named = rows.map { row in keys.lazy.compactMap { address(in: row.cells, column: $0) }.first }
        let found = try await store.customers(at: named.compactMap { $0 })
        let customers = try await store.customers(found.values.compactMap(\.first))
        var recipients: [Recipient] = []
        var problems: [AudienceProblem] = []
        for (index, row) in rows.enumerated() {
            let id = named[index].flatMap { found[$0]?.first }
            guard let customer = id.flatMap({ customers[$0] }) else {
                let reason =
                    named[index] == nil ? "names no address that can be read" : "not a customer yet: import it first"
                problems.append(AudienceProblem(line: row.line, reason: reason))
                continue
            }
            guard seen.insert(customer.id).inserted else {
                problems.append(AudienceProblem(line: row.line, reason: "the customer stands in the file twice"))
                continue
            }
            recipients.append(Recipient(customer: customer, variables: row.cells.filter { !$0.value.isEmpty }))
        }
        return (recipients, problems)
    }

    private func address(in row: [String: String], column: String) -> Address? {
        guard let text = row[column], !text.isEmpty else { return nil }
        let scheme: Address.Scheme = column == "email" ? .mailto : column == "phone" ? .tel : .id
        return try? normalizer.normalize(RawAddress(cell: text, scheme), region: region)
    }
}
