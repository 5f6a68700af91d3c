/// Names and labels as Prometheus takes them.
enum MetricName {
    /// Letters, digits, `_` and `:`; anything else becomes `_`.
    static func clean(_ name: String) -> String {
        let cleaned = String(
            decoding: name.utf8.prefix(200).map { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: ":"):
                    byte
                default: UInt8(ascii: "_")
                }
            }, as: UTF8.self)
        return cleaned.first?.isNumber == false ? cleaned : "_" + cleaned
    }

    /// `a="1",b="2"`, sorted by name, values escaped and cut; empty without labels.
    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.prefix(10).map { ("\(clean($0))", escape($1)) }.sorted { $0.0 < $1.0 }
            .map { "\($0)=\"\($1)\"" }.joined(separator: ",")
    }

    private static func escape(_ value: String) -> String {
        var escaped = ""
        for scalar in value.unicodeScalars.prefix(100) {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case "\n": escaped += "\\n"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
