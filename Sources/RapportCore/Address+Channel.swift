extension Address.Scheme {
    /// Whether a message of this channel can go to an address of this scheme.
    package func carries(_ channel: Channel) -> Bool {
        switch (self, channel) {
        case (.mailto, .email), (.tel, .sms), (.tel, .ivr), (.https, .webhook), (.id, .webhook): true
        default: false
        }
    }

    /// Whether a message of this channel, or for `nil` of any, can go to an address of this scheme.
    package func carries(anyOf channel: Channel?) -> Bool {
        channel.map(carries) ?? Channel.outbound.contains(where: carries)
    }
}
