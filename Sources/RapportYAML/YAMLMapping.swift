/// The keys and values of one mapping, each with its place.
package struct YAMLMapping {
    /// Where the mapping stands.
    package let place: YAMLValue
    /// In the order of the file.
    package internal(set) var keys: [(name: String, place: YAMLValue)] = []
    var values: [String: YAMLValue] = [:]

    init(place: YAMLValue) {
        self.place = place
    }

    /// The value, unless the key is missing or its value is null.
    package subscript(_ key: String) -> YAMLValue? {
        values[key].flatMap { $0.isNull ? nil : $0 }
    }

    package func required(_ key: String) throws -> YAMLValue {
        guard let value = self[key] else { throw place.problem("the key ‘\(key)’ is missing") }
        return value
    }

    package func has(_ key: String) -> Bool { self[key] != nil }

    /// Every pair with the key's place, in the order of the file.
    package var entries: [(key: String, place: YAMLValue, value: YAMLValue)] {
        keys.compactMap { key in values[key.name].map { (key.name, key.place, $0) } }
    }

    /// Every pair, in the order of the file.
    package var pairs: [(key: String, value: YAMLValue)] {
        keys.compactMap { key in values[key.name].map { (key.name, $0) } }
    }
}
