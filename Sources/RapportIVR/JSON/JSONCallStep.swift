import RapportChannels

/// Writes a step of a menu as the answer of `JSONCallAdapter`.
enum JSONCallStep {
    static func body(_ step: CallStep?) -> String {
        guard let step else { return #"{"say":[],"then":"hangUp"}"# }
        var members = [JSONValue.Member("say", .array(step.said.map(prompt)))]
        func add(_ name: String, _ value: JSONValue) { members.append(JSONValue.Member(name, value)) }
        switch step.then {
        case .hangUp: add("then", .string("hangUp"))
        case .gather(let gather):
            add("then", .string("gather"))
            add("digits", gather.digits.map { .number(String($0)) } ?? .null)
            add("timeout", .number(String(gather.timeout)))
            add("keys", .array(gather.keys.keys.sorted().map { .string($0) }))
            add("words", .array(gather.words.keys.sorted().map { .string($0) }))
            add("state", .string(step.state.query))
        case .record(let record):
            add("then", .string("record"))
            add("seconds", .number(String(record.seconds)))
            add("state", .string(step.state.query))
        }
        return JSONValue.object(members).text
    }

    private static func prompt(_ prompt: CallStep.Prompt) -> JSONValue {
        .object([
            JSONValue.Member("language", .string(prompt.language)), JSONValue.Member("text", .string(prompt.text)),
        ])
    }
}
