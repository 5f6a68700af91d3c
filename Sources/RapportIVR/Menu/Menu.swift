package import RapportCore

/// A telephone menu: what a caller hears, what they can press, and where each key leads.
///
/// Read from `templates/ivr/NAME.yaml` by `MenuFile`, which guarantees that every node named exists and that no caller
/// goes round without being asked anything.
package struct Menu: Hashable, Sendable {
    package var name: String
    /// BCP 47 tag of the texts that everybody gets whose language is not there.
    package var language: String
    /// The node that a call begins at.
    package var start: String
    package var nodes: [String: Node]
    /// The provider's name of the voice for a language, such as `Polly.Zhiyu`.
    package var voices: [String: String]
    /// What `{{owner}}` becomes for a caller whom no colleague answers for, by language.
    package var nobody: [String: String]

    package init(
        name: String, language: String, start: String, nodes: [String: Node], voices: [String: String] = [:],
        nobody: [String: String] = [:]
    ) {
        self.name = name
        self.language = language
        self.start = start
        self.nodes = nodes
        self.voices = voices
        self.nobody = nobody
    }

    /// One place in the menu.
    package struct Node: Hashable, Sendable {
        /// By language; empty when nothing is said here. `{{owner}}` stands for the customer's colleague.
        package var say: [String: String]
        package var then: Then

        package init(say: [String: String] = [:], then: Then) {
            self.say = say
            self.then = then
        }
    }

    /// What comes after what is said.
    package enum Then: Hashable, Sendable {
        case gather(Gather)
        case record(Record)
        case goto(String)
        /// The first branch whose condition holds.
        case branch([Branch], otherwise: String)
        case hangUp
    }

    /// Waits for keys or words.
    package struct Gather: Hashable, Sendable {
        /// This many keys end the input; `nil`: the `#` key or the pause does.
        package var digits: Int?
        /// Seconds of silence, 1 to 60.
        package var timeout: Int
        /// How often the node is said before it is given up, 1 to 10.
        package var tries: Int
        package var keys: [String: Choice]
        /// Words heard, by phrase; listening is switched on by there being some.
        package var words: [String: Choice]
        /// For any other keys, such as the number of a coupon.
        package var any: Choice?
        /// Where a caller goes after the last try; `nil`: the call ends.
        package var otherwise: String?

        package init(
            digits: Int? = 1, timeout: Int = 5, tries: Int = 3, keys: [String: Choice] = [:],
            words: [String: Choice] = [:], any: Choice? = nil, otherwise: String? = nil
        ) {
            self.digits = digits
            self.timeout = timeout
            self.tries = tries
            self.keys = keys
            self.words = words
            self.any = any
            self.otherwise = otherwise
        }
    }

    /// What a key does and where it leads. It acts in the same commit that logs the key press.
    package struct Choice: Hashable, Sendable {
        package var goto: String
        package var optOut: Preference?
        package var optIn: Preference?
        /// The kind of follow-up to open, such as `callback`.
        package var followUp: String?
        /// The rest of the call is in this language.
        package var language: String?

        package init(
            goto: String, optOut: Preference? = nil, optIn: Preference? = nil, followUp: String? = nil,
            language: String? = nil
        ) {
            self.goto = goto
            self.optOut = optOut
            self.optIn = optIn
            self.followUp = followUp
            self.language = language
        }
    }

    /// A topic on a channel; `nil` is all of them.
    package struct Preference: Hashable, Sendable {
        package var topic: String?
        package var channel: Channel?

        package init(topic: String? = nil, channel: Channel? = nil) {
            self.topic = topic
            self.channel = channel
        }
    }

    /// Takes a message from the caller.
    package struct Record: Hashable, Sendable {
        /// At most, 1 to 600 seconds.
        package var seconds: Int
        package var goto: String

        package init(seconds: Int = 120, goto: String) {
            self.seconds = seconds
            self.goto = goto
        }
    }

    package struct Branch: Hashable, Sendable {
        package var when: Condition
        package var goto: String

        package init(when: Condition, goto: String) {
            self.when = when
            self.goto = goto
        }
    }

    package enum Condition: Hashable, Sendable {
        /// Whether the number belongs to a customer.
        case known(Bool)
        /// Whether a colleague answers for the customer.
        case hasOwner(Bool)
        /// The language of the call, or its first part: `zh` is also true for `zh-TW`.
        case language(String)
        /// An attribute of the call, such as `called` or `country`.
        case attribute(String, is: String)
    }
}
