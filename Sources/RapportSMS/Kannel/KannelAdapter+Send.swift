package import RapportChannels
import RapportCore

extension KannelAdapter {
    package func send(_ message: OutboundMessage) async throws(SendError) -> Receipt {
        guard case .text(let text) = message.content, message.to.scheme == .tel else {
            throw SendError(.unsupported)
        }
        var call = call(message, text: text)
        call.isRevocable = true
        // By GET the text stands in the URL. Trying again would not make it shorter.
        guard call.url.utf8.count <= HTTPCall.longestURL else { throw SendError(.tooLarge) }
        let answer: HTTPAnswer
        do {
            answer = try await http.call(call)
        } catch {
            throw SendError(error)
        }
        return try KannelAnswer.receipt(for: answer)
    }

    package func withdraw() { http.withdraw() }

    /// The request to `sendsms`, by the configured method.
    func call(_ message: OutboundMessage, text: String) -> HTTPCall {
        let coding = SMSLength(of: text).encoding == .gsm7 ? "0" : "2"
        var settings: [(name: String, value: String)] = [
            ("username", configuration.username), ("password", configuration.password.value),
            ("to", message.to.deliverable), ("coding", coding), ("dlr-mask", "31"),
            ("dlr-url", receiptURL(for: message)),
        ]
        if let from = configuration.from { settings.append(("from", from)) }
        if let smsc = configuration.smsc { settings.append(("smsc", smsc)) }
        if let expiresAt = message.expiresAt {
            // In minutes from now; a message that is almost due gets one.
            let minutes = max(1, (expiresAt.seconds - message.createdAt.seconds) / 60)
            settings.append(("validity", String(minutes)))
        }
        switch configuration.method {
        case .get:
            settings += [("charset", "UTF-8"), ("text", text)]
            let separator = configuration.sendURL.contains("?") ? "&" : "?"
            return HTTPCall(
                url: configuration.sendURL + separator + PercentCoding.encode(settings),
                timeoutMilliseconds: configuration.timeoutMilliseconds, answerLimit: 1 << 16,
                allowsPrivateAddresses: configuration.allowsPrivateAddresses)
        case .post:
            let headers = settings.map { HTTPField("X-Kannel-" + Self.header($0.name), $0.value) }
            return HTTPCall(
                method: "POST", url: configuration.sendURL,
                headers: headers + [HTTPField("Content-Type", "text/plain; charset=UTF-8")], body: Array(text.utf8),
                timeoutMilliseconds: configuration.timeoutMilliseconds, answerLimit: 1 << 16,
                allowsPrivateAddresses: configuration.allowsPrivateAddresses)
        }
    }

    /// Where Kannel reports to; it replaces what begins with `%`.
    func receiptURL(for message: OutboundMessage) -> String {
        let token = tokens.tokens(of: message.dispatch, route: message.route)[.delivery]
        let secret = configuration.callbackTokens.segment.value
        return "\(configuration.publicURL)/in/\(name)/\(secret)/dlr?d=\(token)"
            + "&status=%d&smsc=%F&reply=%A&from=%p&to=%P&time=%T"
    }

    private static func header(_ name: String) -> String {
        switch name {
        case "dlr-mask": "DLR-Mask"
        case "dlr-url": "DLR-Url"
        case "smsc": "SMSC"
        default: name.prefix(1).uppercased() + name.dropFirst()
        }
    }
}
