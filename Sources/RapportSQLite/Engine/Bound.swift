/// Sets of values as one bound parameter, to be read with `json_each`, so that a statement has the same text for
/// any number of them.
enum Bound {
    static func list(_ numbers: some Sequence<Int64>) -> String {
        var text = "["
        for number in numbers {
            if text.utf8.count > 1 { text += "," }
            text += String(number)
        }
        return text + "]"
    }

    static func list(_ texts: some Sequence<String>) -> String {
        FlatJSON.encode(Array(texts))
    }
}
