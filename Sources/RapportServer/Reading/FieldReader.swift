import RapportChannels
import RapportCore
import RapportYAML

/// Reads one JSON object strictly: every member must be known, of the right type and within bounds, and a problem names
/// its place (`$.events[3].id`).
struct FieldReader {
    let place: String
    private let value: JSONValue

    /// - Throws: `Problem` when the value is no object or has a member that isn't among `known`.
    init(_ value: JSONValue, place: String = "$", known: [String]) throws(Problem) {
        guard case .object(let members) = value else { throw Problem.malformed(place, "expected an object") }
        for member in members where !known.contains(member.name) {
            let hint = NearestWord.hint(for: member.name, among: known)
            throw Problem.malformed("\(place).\(member.name.prefix(80))", "unknown field\(hint)")
        }
        self.place = place
        self.value = value
    }

    /// Whether the member is there, `null` or not.
    func has(_ name: String) -> Bool { value[name] != nil }

    func place(of name: String) -> String { "\(place).\(name)" }

    /// The member; `nil` when it is missing or null.
    func any(_ name: String) -> JSONValue? {
        value[name].flatMap { $0.isNull ? nil : $0 }
    }

    /// - Parameter limit: in bytes of UTF-8.
    func text(_ name: String, limit: Int) throws(Problem) -> String? {
        guard let value = any(name) else { return nil }
        return try Self.text(value, place: place(of: name), limit: limit)
    }

    func requiredText(_ name: String, limit: Int) throws(Problem) -> String {
        guard let text = try text(name, limit: limit) else { throw missing(name) }
        return text
    }

    func missing(_ name: String) -> Problem { Problem.malformed(place(of: name), "expected a value") }

    func bool(_ name: String) throws(Problem) -> Bool? {
        guard let value = any(name) else { return nil }
        guard case .bool(let flag) = value else { throw Problem.malformed(place(of: name), "expected true or false") }
        return flag
    }

    func instant(_ name: String) throws(Problem) -> Timestamp? {
        guard let text = try text(name, limit: 40) else { return nil }
        guard let instant = Timestamp(rfc3339: text) else {
            throw Problem.malformed(place(of: name), "expected an instant such as 2026-03-28T22:30:00Z")
        }
        return instant
    }

    func id<Kind>(_ name: String, as kind: Kind.Type) throws(Problem) -> EntityID<Kind>? {
        guard let text = try text(name, limit: 20) else { return nil }
        guard let id = EntityID<Kind>(text) else {
            throw Problem.malformed(place(of: name), "expected an id such as \(Kind.prefix)42")
        }
        return id
    }

    /// One word of an enumeration.
    func word<Word: RawRepresentable<String>>(
        _ name: String, among words: [Word]
    ) throws(Problem) -> Word? {
        guard let value = any(name) else { return nil }
        return try Self.word(value, place: place(of: name), among: words)
    }

    func list(_ name: String, limit: Int) throws(Problem) -> [JSONValue]? {
        guard let value = any(name) else { return nil }
        guard case .array(let items) = value, items.count <= limit else {
            throw Problem.malformed(place(of: name), "expected an array of at most \(limit)")
        }
        return items
    }

    func texts(_ name: String, count: Int, limit: Int) throws(Problem) -> [String]? {
        guard let items = try list(name, limit: count) else { return nil }
        var texts: [String] = []
        for (index, item) in items.enumerated() {
            texts.append(try Self.text(item, place: "\(place(of: name))[\(index)]", limit: limit))
        }
        return texts
    }

    /// An object of short texts; numbers and Booleans are taken in their digits and words.
    func attributes(_ name: String) throws(Problem) -> [String: String]? {
        guard let value = any(name) else { return nil }
        guard case .object(let members) = value, members.count <= 64 else {
            throw Problem.malformed(place(of: name), "expected an object of at most 64 members")
        }
        var attributes: [String: String] = [:]
        for member in members {
            let place = "\(place(of: name)).\(member.name.prefix(80))"
            guard (1...80).contains(member.name.utf8.count) else {
                throw Problem.malformed(place, "expected a name of 1 to 80 bytes")
            }
            guard let text = member.value.scalarText, text.utf8.count <= 4096 else {
                throw Problem.malformed(place, "expected a text, number or Boolean of at most 4096 bytes")
            }
            attributes[member.name] = text
        }
        return attributes
    }

    static func text(_ value: JSONValue, place: String, limit: Int) throws(Problem) -> String {
        guard case .string(let text) = value else { throw Problem.malformed(place, "expected a text") }
        guard (1...limit).contains(text.utf8.count) else {
            throw Problem.malformed(place, "expected 1 to \(limit) bytes")
        }
        return text
    }

    static func word<Word: RawRepresentable<String>>(
        _ value: JSONValue, place: String, among words: [Word]
    ) throws(Problem) -> Word {
        let text = try text(value, place: place, limit: 100)
        guard let word = words.first(where: { $0.rawValue == text }) else {
            throw Problem.malformed(place, "unknown word" + NearestWord.hint(for: text, among: words.map(\.rawValue)))
        }
        return word
    }
}
