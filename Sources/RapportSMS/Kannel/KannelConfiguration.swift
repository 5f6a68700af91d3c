package import RapportChannels

/// How one Kannel smsbox is reached, and how it reaches us.
///
/// In `kannel.conf`:
/// ```
/// group = sendsms-user
/// username = rapport
/// password = …
/// max-messages = 10          # the default, 1, cuts longer texts off without a word
/// concatenation = true
///
/// group = smsbox
/// mo-recode = true           # incoming UCS-2 becomes UTF-8
///
/// group = sms-service
/// keyword = default
/// catch-all = true
/// max-messages = 0           # what the hub answers is not sent to the customer
/// get-url = "https://hub.example.com/in/NAME/SECRET/mo?from=%p&to=%P&text=%b&charset=%C&coding=%c&id=%I&time=%T&smsc=%i&udh=%u"
/// ```
package struct KannelConfiguration: Sendable {
    /// How a message is put to `sendsms`.
    package enum Method: String, Sendable, CaseIterable {
        /// The text is the body, the rest in `X-Kannel-` headers: nothing secret stands in a URL.
        case post
        /// All in the query, for gateways that only look like Kannel.
        case get
    }

    /// `http://127.0.0.1:13013/cgi-bin/sendsms`
    package var sendURL: String
    package var username: String
    package var password: Secret
    /// The sender that customers see; `nil`: smsbox's own.
    package var from: String?
    package var method: Method
    /// Our own URL as Kannel calls it, without a slash at the end: `https://hub.example.com`.
    package var publicURL: String
    /// In the paths of our callbacks. The first one is handed out.
    package var callbackTokens: PathToken
    /// Kannel's `smsc`, when several are connected.
    package var smsc: String?
    /// How many sends may be under way at once.
    package var window: Int
    /// For one exchange. A gateway that got the message and did not answer in time may have sent it.
    package var timeoutMilliseconds: Int
    /// Kannel stands in the same network more often than not.
    package var allowsPrivateAddresses: Bool
    /// For numbers without a country code; `nil`: the hub's.
    package var region: String?
    package var keywords: KeywordReader

    package init(
        sendURL: String, username: String, password: Secret, from: String? = nil, method: Method = .post,
        publicURL: String, callbackTokens: PathToken, smsc: String? = nil, window: Int = 50,
        timeoutMilliseconds: Int = 30_000, allowsPrivateAddresses: Bool = true, region: String? = nil,
        keywords: KeywordReader = .standard
    ) {
        self.sendURL = sendURL
        self.username = username
        self.password = password
        self.from = from
        self.method = method
        self.publicURL = publicURL
        self.callbackTokens = callbackTokens
        self.smsc = smsc
        self.window = window
        self.timeoutMilliseconds = timeoutMilliseconds
        self.allowsPrivateAddresses = allowsPrivateAddresses
        self.region = region
        self.keywords = keywords
    }
}
