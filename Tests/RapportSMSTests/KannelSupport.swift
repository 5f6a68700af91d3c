import RapportChannels
import RapportCore
import RapportSMS
import RapportTestSupport
import Testing

enum Kannel {
    static let secret = "s3cretsecrets3cret"
    static let tokens = DispatchTokens(secret: Secret("hub"))
    static let dispatch = DispatchID(42)
    static let receivedAt = Timestamp(seconds: 1_795_364_900)

    static func adapter(
        method: KannelConfiguration.Method = .post, from: String? = "24453", http: (any HTTPCalling)? = nil
    ) throws -> KannelAdapter {
        let configuration = KannelConfiguration(
            sendURL: "http://kannel.test:13013/cgi-bin/sendsms", username: "rapport", password: Secret("p&ss wörd"),
            from: from, method: method, publicURL: "https://hub.example.com",
            callbackTokens: try PathToken(tokens: [Secret(secret), Secret("anOlderSecret0123")]))
        return KannelAdapter(
            name: "sms", configuration: configuration, tokens: tokens,
            http: http ?? RecordingHTTP(host: "kannel.test:13013", status: 202, body: "0: Accepted for delivery"))
    }

    static func request(_ path: String, _ query: String, method: String = "GET") -> InboundRequest {
        InboundRequest(
            method: method, path: path, query: query, publicURL: "https://hub.example.com/in/sms\(path)?\(query)",
            headers: [], body: [], receivedAt: receivedAt)
    }

    static func receive(_ what: String, _ query: String) throws -> InboundEvent {
        let result = try adapter().receive(request("/\(secret)/\(what)", query))
        return try #require(result.events.first)
    }

    static func message(_ content: OutboundMessage.Content, expiresAt: Timestamp? = nil) throws -> OutboundMessage {
        OutboundMessage(
            dispatch: dispatch, customer: CustomerID(7), channel: .sms, messageClass: .service, topic: "repairs",
            to: try #require(Address(normalized: "tel:+8613800138000")), content: content, createdAt: receivedAt,
            expiresAt: expiresAt)
    }
}
