package import RapportChannels
import RapportCore

/// Takes JSON of anybody's making at `/in/NAME`, one event or many in a request, mapped by configuration.
package struct WebhookAdapter: InboundAdapter {
    /// What the body is.
    package enum Format: String, Sendable, CaseIterable {
        case json
        /// CloudEvents 1.0 over HTTP: structured, binary or batched, told apart by the content type. Binary mode is
        /// taken only where no signature leaves its headers open.
        case cloudEvents = "cloudevents"
    }

    package let name: String
    package let bodyLimit: Int
    package let region: String?

    private let scheme: SignatureScheme
    private let format: Format
    private let mapping: WebhookMapping

    /// More events in one request than this are refused.
    package static let batchLimit = 1000

    package init(
        name: String, scheme: SignatureScheme, format: Format = .json, mapping: WebhookMapping,
        bodyLimit: Int = 1 << 20, region: String? = nil
    ) {
        self.name = name
        self.scheme = scheme
        self.format = format
        self.mapping = mapping
        self.bodyLimit = bodyLimit
        self.region = region
    }

    package func admit(_ head: InboundRequest) throws(InboundRejection) {
        try scheme.admit(head)
    }

    package func receive(_ request: InboundRequest) throws(InboundRejection) -> InboundResult {
        guard request.body.count <= bodyLimit else { throw InboundRejection(.tooLarge) }
        try scheme.verify(request)
        guard request.method == "POST" || request.method == "PUT" else { throw InboundRejection(.method) }
        switch format {
        case .json: return InboundResult(events: try events(in: request))
        case .cloudEvents: return InboundResult(events: try cloudEvents(in: request))
        }
    }

    private func events(in request: InboundRequest) throws(InboundRejection) -> [InboundEvent] {
        let list = mapping.events ?? .whole
        let (body, ranges) = try JSONReader.read(request.body, itemsAt: list)
        guard case .array(let items) = list.find(in: body) else {
            guard mapping.events == nil else {
                throw InboundRejection(.malformed, "\(list): expected an array of events")
            }
            var event = try mapping.event(from: body, at: "")
            try mapping.complete(&event, from: request, index: nil)
            event.payload = Interaction.Payload(type: "application/json", bytes: request.body)
            return [event]
        }
        let payloads = BatchPayloads(request.body, items: ranges, hasEnvelope: list != .whole, limit: bodyLimit)
        return try Self.batch(items) { (item, index) throws(InboundRejection) in
            var event = try mapping.event(from: item, at: "\(list)/\(index)")
            try mapping.complete(&event, from: request, index: index)
            payloads.put(into: &event, index: index, type: "application/json")
            return event
        }
    }

    private func cloudEvents(in request: InboundRequest) throws(InboundRejection) -> [InboundEvent] {
        switch request.mediaType {
        case "application/cloudevents-batch+json":
            let (body, ranges) = try JSONReader.read(request.body, itemsAt: .whole)
            guard case .array(let items) = body else {
                throw InboundRejection(.malformed, "the whole: expected an array of events")
            }
            return try Self.batch(items) { (item, index) throws(InboundRejection) in
                try CloudEvent(structured: item, bytes: Array(request.body[ranges[index]]), at: "/\(index)")
                    .event(mapping)
            }
        case "application/cloudevents+json":
            let body = try JSONReader.read(request.body)
            return [try CloudEvent(structured: body, bytes: request.body, at: "").event(mapping)]
        case let other where other.hasPrefix("application/cloudevents"):
            throw InboundRejection(.malformed, "header content-type: expected an event format in JSON")
        default:
            // What the event is stands in the headers, so whoever has one signed body could send it as any other event.
            guard !scheme.leavesHeadersOpen else {
                throw InboundRejection(
                    .malformed,
                    "header content-type: expected application/cloudevents+json or application/cloudevents-batch+json, "
                        + "because the signature does not cover the headers of binary mode")
            }
            return [try CloudEvent(binary: request).event(mapping)]
        }
    }

    private static func batch(
        _ items: [JSONValue], _ event: (JSONValue, Int) throws(InboundRejection) -> InboundEvent
    ) throws(InboundRejection) -> [InboundEvent] {
        guard items.count <= batchLimit else {
            throw InboundRejection(.malformed, "more than \(batchLimit) events in one request")
        }
        var events: [InboundEvent] = []
        for (index, item) in items.enumerated() { events.append(try event(item, index)) }
        return events
    }
}
