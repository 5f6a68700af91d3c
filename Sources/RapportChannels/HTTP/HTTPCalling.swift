/// The one HTTP client that all adapters share. Implemented by `RapportHTTPClient` on libcurl.
package protocol HTTPCalling: Sendable {
    /// Makes one request; redirects are followed only to addresses that the client's rules allow.
    ///
    /// A status of any number is an answer, not an error.
    func call(_ request: HTTPCall) async throws(HTTPCallError) -> HTTPAnswer

    /// Ends the revocable calls that wait for their turn, and those that still come, with `.withdrawn`; what has begun runs
    /// its course.
    func withdraw()
}

package struct HTTPCall: Hashable, Sendable {
    /// Longer URLs are refused, in bytes: few servers take more.
    package static let longestURL = 8192

    package var method: String
    package var url: String
    package var headers: [HTTPField]
    package var body: [UInt8]
    /// For the whole exchange, from when it begins. A call that others stand before may wait as long again until then: what
    /// it waits must not be taken from a server that has read the request and is about to answer.
    package var timeoutMilliseconds: Int
    /// A longer answer is an error.
    package var answerLimit: Int
    /// Private and loopback addresses are refused unless this is set: by configuration, never by what an event says.
    package var allowsPrivateAddresses: Bool
    /// A PEM file of the authorities that may vouch for the server, and no others; `nil`: the system's.
    package var trustedCertificates: String?
    /// Whether it need not be made any more when the hub is told to stop (`HTTPCalling.withdraw`).
    package var isRevocable: Bool

    package init(
        method: String = "GET", url: String, headers: [HTTPField] = [], body: [UInt8] = [],
        timeoutMilliseconds: Int = 30_000, answerLimit: Int = 1 << 20, allowsPrivateAddresses: Bool = false,
        trustedCertificates: String? = nil, isRevocable: Bool = false
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeoutMilliseconds = timeoutMilliseconds
        self.answerLimit = answerLimit
        self.allowsPrivateAddresses = allowsPrivateAddresses
        self.trustedCertificates = trustedCertificates
        self.isRevocable = isRevocable
    }
}

package struct HTTPField: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

package struct HTTPAnswer: Hashable, Sendable {
    package var status: Int
    /// Names in lower case.
    package var headers: [HTTPField]
    package var body: [UInt8]

    package init(status: Int, headers: [HTTPField] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    package func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value
    }
}

package struct HTTPCallError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// Not a URL of a scheme that we speak, or a host of which we must not reach any address.
        case refusedURL
        /// Could not connect; the request did not leave.
        case connection
        case tls
        /// Ran out of time before the request was sent whole.
        case timeoutBeforeSent
        /// Ran out of time, or lost the line, after the request was sent whole: it may have been acted upon.
        case lostAfterSent
        case answerTooLarge
        /// Says nothing of whether the request was sent.
        case cancelled
        /// Taken back before anything of it was sent (`HTTPCalling.withdraw`).
        case withdrawn
    }

    package var code: Code

    package init(_ code: Code) {
        self.code = code
    }

    package var description: String { code.rawValue }
}
