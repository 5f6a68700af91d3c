/// Reads `Name: value` lines, folded or not, as reports and returned headers hold them.
enum FieldLines {
    /// Groups of fields that empty lines part. Lines that are no field are passed over.
    static func groups(_ text: String, limit: Int) -> [[MailField]] {
        var groups: [[MailField]] = []
        var group: [MailField] = []
        var count = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            if line.allSatisfy(\.isWhitespace) {
                if !group.isEmpty { groups.append(group) }
                group = []
            } else if line.first == " " || line.first == "\t" {
                guard let last = group.indices.last, group[last].value.utf8.count < 4096 else { continue }
                group[last].value += " " + line.trimmingBlanks
            } else if let field = field(line) {
                count += 1
                if count > limit { break }
                group.append(field)
            }
        }
        if !group.isEmpty { groups.append(group) }
        return groups
    }

    private static func field(_ line: Substring) -> MailField? {
        guard let colon = line.firstIndex(of: ":"), colon > line.startIndex,
            let name = MailToken.field(line[..<colon].trimmingBlanks)
        else { return nil }
        return MailField(name, line[line.index(after: colon)...].trimmingBlanks)
    }
}
