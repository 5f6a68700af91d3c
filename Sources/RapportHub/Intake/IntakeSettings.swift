/// What an operator decides about the way in.
package struct IntakeSettings: Hashable, Sendable {
    /// ISO 3166 region whose numbering plan reads numbers without a country code.
    package var region: String
    package var serviceLevels: ServiceLevels
    /// How long after a campaign's message an answer that names no message still counts as an answer to it.
    package var responseWindowSeconds: Int64
    /// Within which time the same content from the same sender is a repetition, where the source gives no ids.
    package var contentWindowSeconds: Int64
    /// Events that may wait for a commit at once; further ones are answered “busy”.
    package var capacity: Int
    /// How long a caller waits for what a telephone menu says of them before it is left out.
    package var callerPatience: Duration

    package init(
        region: String = "CN", serviceLevels: ServiceLevels = ServiceLevels(),
        responseWindowSeconds: Int64 = 60 * 86400, contentWindowSeconds: Int64 = 600, capacity: Int = 8192,
        callerPatience: Duration = .seconds(2)
    ) {
        self.region = region
        self.serviceLevels = serviceLevels
        self.responseWindowSeconds = responseWindowSeconds
        self.contentWindowSeconds = contentWindowSeconds
        self.capacity = capacity
        self.callerPatience = callerPatience
    }
}
