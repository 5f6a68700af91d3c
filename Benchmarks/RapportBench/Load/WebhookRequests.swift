import Foundation
import RapportChannels
import RapportCore

/// Signed webhooks as a shop sends them: 400 bytes of JSON, each with an id of its own.
struct WebhookRequests {
    /// Tells this run's ids from those of every other.
    private let run = String(UInt64.random(in: .min ... .max), radix: 36)
    private let scheme: StandardWebhooks
    private let port: Int
    static let bodySize = 400

    init(port: Int) throws {
        scheme = try StandardWebhooks(secrets: [Secret(BenchConfiguration.webhookSecret)])
        self.port = port
    }

    /// - Parameter customer: whose event the n-th is.
    func book(_ count: Int, customer: (Int) -> BenchCustomer) -> RequestBook {
        var book = RequestBook()
        let now = Timestamp(seconds: Int64(Date().timeIntervalSince1970))
        for index in 0..<count {
            let id = "\(run)-\(index)"
            let body = Self.body(id: id, customer: customer(index), at: now)
            var head = "POST /in/shop HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nContent-Type: application/json\r\n"
            for field in scheme.headers(id: id, at: now, body: body) { head += "\(field.name): \(field.value)\r\n" }
            head += "Content-Length: \(body.count)\r\n\r\n"
            book.append(Array(head.utf8) + body)
        }
        return book
    }

    private static func body(id: String, customer: BenchCustomer, at now: Timestamp) -> [UInt8] {
        var body = #"{"id":"\#(id)","type":"order.paid","timestamp":"\#(now)","data":{"email":"\#(customer.mailbox)","#
        body += #""order":"A-\#(customer.number)-\#(id)","total":"129.90 EUR","note":"paid by card","city":""#
        body += #"\#(customer.city)","lines":""#
        let rest = max(0, bodySize - body.utf8.count - 3)
        return Array(body.utf8) + (0..<rest).map { UInt8(97 + $0 % 26) } + Array("\"}}".utf8)
    }
}
