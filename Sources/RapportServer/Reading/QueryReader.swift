import Hummingbird
import RapportChannels
import RapportCore
import RapportYAML

/// Reads a query strictly: every name must be known and come once.
struct QueryReader {
    private let fields: FormFields

    /// - Throws: `Problem`, `InboundRejection`.
    init(_ request: Request, known: [String]) throws {
        fields = try FormFields(query: request.uri.query ?? "")
        for field in fields.fields where !known.contains(field.name) {
            let hint = NearestWord.hint(for: field.name, among: known)
            throw Problem.malformed("query: \(field.name.prefix(80))", "unknown\(hint)")
        }
    }

    func text(_ name: String, limit: Int = 320) throws -> String? {
        guard let text = try fields.filled(name) else { return nil }
        guard text.utf8.count <= limit else {
            throw Problem.malformed("query: \(name)", "expected at most \(limit) bytes")
        }
        return text
    }

    /// One word of an enumeration.
    func word<Word: RawRepresentable<String>>(_ name: String, among words: [Word]) throws -> Word? {
        guard let text = try text(name, limit: 40) else { return nil }
        guard let word = words.first(where: { $0.rawValue == text }) else {
            let hint = NearestWord.hint(for: text, among: words.map(\.rawValue))
            throw Problem.malformed("query: \(name)", "unknown word\(hint)")
        }
        return word
    }

    /// How many rows to give.
    func limit(default standard: Int, maximum: Int) throws -> Int {
        guard let text = try text("limit", limit: 10) else { return standard }
        guard let limit = Int(text), (1...maximum).contains(limit) else {
            throw Problem.malformed("query: limit", "expected 1 to \(maximum)")
        }
        return limit
    }

    func id<Kind>(_ name: String, as kind: Kind.Type) throws -> EntityID<Kind>? {
        guard let text = try text(name, limit: 20) else { return nil }
        guard let id = EntityID<Kind>(text) else {
            throw Problem.malformed("query: \(name)", "expected an id such as \(Kind.prefix)42")
        }
        return id
    }
}

extension HubRequestContext {
    /// The id that stands in the path. A text that is none names nothing: 404.
    func pathID<Kind>(as kind: Kind.Type) throws -> EntityID<Kind> {
        guard let text = parameters.get("id"), let id = EntityID<Kind>(text) else { throw Problem.notFound }
        return id
    }
}
