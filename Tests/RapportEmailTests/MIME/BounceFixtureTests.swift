import RapportChannels
import RapportCore
import RapportEmail
import RapportTestSupport
import Testing

/// Real bounces, reports and answers against what other readers of mail make of them.
@Suite("Recorded bounces, complaints and automatic answers", .enabled(if: Fixtures.isPresent))
struct BounceFixtureTests {
    /// Where we say another code than the recorded table, and why.
    static let otherCodes: [String: (code: String?, reason: String)] = [
        "lhost-domino-01": ("5.1.1", "x.0.9xx are codes of the table's own; the words name an unknown address"),
        "lhost-v5sendmail-03": ("5.1.1", "x.0.9xx are codes of the table's own; the words name an unknown address"),
        "lhost-kddi-01": ("5.2.2", "x.0.9xx are codes of the table's own; the words name a full mailbox"),
        "lhost-gmail-07": ("500", "x.0.9xx are codes of the table's own; the reply code is all there is"),
        "lhost-googlegroups-01": (nil, "x.0.9xx are codes of the table's own; the notice has none"),
        "lhost-notes-01": (nil, "x.0.9xx are codes of the table's own; the notice has none"),
        "lhost-sendmail-39": ("4.4.7", "the report's Status field goes before its diagnostic text"),
    ]

    /// Where we judge the address otherwise, and why.
    static let otherJudgements: [String: (isBad: Bool, reason: String)] = [
        "lhost-postfix-01": (true, "5.1.1 is the server's word; the table reads a local mailer's fault from the text"),
        "lhost-powermta-01": (true, "5.2.1 is a disabled mailbox; the table takes it for a suspension that may end"),
    ]

    /// Where the kind differs from the table's action, and why.
    static let otherKinds: [String: (kind: InteractionKind, reason: String)] = [
        "lhost-postfix-08": (.deliveryBounced, "the report says `Action: failed` after the queue time ran out")
    ]

    private func events(_ file: String) throws -> [InboundEvent] {
        MailInterpreter(identity: MailSamples.identity).events(try Fixtures.bytes(file))
    }

    @Test("the bounces of forty servers are told as they were meant")
    func bounces() throws {
        var rows = 0
        for file in try Fixtures.list("email/raw/dsn") {
            let expected = try #require(try Fixtures.meta(file)["expected"] as? [String: Any])
            guard let facts = expected["oracle_facts"] as? [[String: Any]] else { continue }
            let name = String(file.split(separator: "/").last?.dropLast(4) ?? "")
            let events = try events(file)
            #expect(
                events.map { $0.customerAddresses.map(\.text) } == facts.map { [$0["recipient"] as? String ?? ""] },
                "\(name)")
            for (event, fact) in zip(events, facts) {
                rows += 1
                let code = Self.otherCodes[name].map(\.code) ?? fact["deliverystatus"] as? String
                #expect(event.delivery?.code == code, "\(name)")
                let isBad = Self.otherJudgements[name]?.isBad ?? (fact["hardbounce"] as? Bool ?? false)
                #expect(event.delivery?.addressIsBad == isBad, "\(name)")
                let action =
                    fact["action"] as? String == "delayed" ? InteractionKind.deliveryDeferred : .deliveryBounced
                #expect(event.kind == Self.otherKinds[name]?.kind ?? action, "\(name)")
                #expect(event.dispatch == nil && event.requests.isEmpty, "\(name)")
            }
        }
        #expect(rows >= 27)
    }

    /// Fixtures without a recorded table: recipients, codes and whether the address is bad, read from the files.
    private static let others: [(file: String, recipients: [String], code: String?, isBad: Bool)] = [
        (
            "discourse-bounced_email_multiple_status_codes", ["linux-admin@b-s-c.co.jp", "foo@b-s-c.co.jp"], "5.1.1",
            true
        ),
        ("discourse-hard_bounce_via_verp", ["linux-admin@b-s-c.co.jp"], "5.1.1", true),
        (
            "mailgem-multi_address_bounce1",
            [
                "bbbbvhvbbvkjbhfbvbvjhb@gmail.com", "bscdbcjhasbcjhbdscbhbsdhcbj@gmail.com",
                "egyfefsdvsfvvhjsd@gmail.com",
                "kfhejkfbsjkjsbhds@gmail.com", "qfvhgsvhgsduiohncdhcvhsdfvsfygusd@gmail.com",
            ], "5.1.1", true
        ),
        ("mailgem-multipart_report_multiple_status", ["u@ci.com"], "5.3.0", false),
        ("mimekit-bounce", ["netec.test@netecgc.com"], "5.1.1", true),
        ("mimekit-delivery-status-multiple-blank-lines", ["orig_recip@customer.com"], "5.5.0", false),
        // `Status: 500 (err.nosuchuser)` is no code of RFC 3463, and the words are a program's.
        ("mimekit-delivery-status-no-blank-line", ["newsletter-request@imusic.com"], nil, false),
        ("mimekit-delivery-status", ["newsletter-request@imusic.com"], nil, false),
        ("mimekit-delivery-status2", ["source@domain.com"], "5.0.0", false),
    ]

    @Test("reports with damaged groups are read to the last recipient", arguments: others.indices)
    func reports(index: Int) throws {
        let row = Self.others[index]
        let events = try events("email/raw/dsn/\(row.file).eml")
        #expect(events.flatMap { $0.customerAddresses.map(\.text) } == row.recipients)
        #expect(events.allSatisfy { $0.kind == .deliveryBounced && $0.delivery?.code == row.code })
        #expect(events.allSatisfy { $0.delivery?.addressIsBad == row.isBad })
    }

    @Test("feedback reports: a complaint, a wish to leave and a DMARC report are three things")
    func feedback() throws {
        let mailed = CustomerRequest.optOut(topic: nil, channel: .email, method: "mail")
        for (name, kind, requests) in [
            ("arf-01", InteractionKind.complaintReceived, []), ("arf-02", .complaintReceived, []),
            ("arf-12", .messageAutoReply, []), ("arf-16", .complaintReceived, []), ("arf-18", .unknown, []),
            ("arf-26", .messageAutoReply, [mailed]),
        ] {
            let file = "email/raw/arf/\(name).eml"
            let facts = try #require(
                (try Fixtures.meta(file)["expected"] as? [String: Any])?["oracle_facts"] as? [[String: Any]])
            let events = try events(file)
            #expect(
                events.map { $0.customerAddresses.first?.text } == facts.map { $0["recipient"] as? String }, "\(name)")
            #expect(events.allSatisfy { $0.kind == kind && $0.requests == requests }, "\(name)")
            #expect(Set(events.map(\.sourceID)).count == (name == "arf-12" ? 1 : events.count), "\(name)")
        }
    }

    @Test("a receipt says that the message was read")
    func receipt() throws {
        let event = try #require(try events("email/raw/mdn/mimekit-disposition-notification.eml").first)
        #expect(event.kind == .messageRead)
        #expect(event.customerAddresses == [RawAddress(.mailto, "Joe_Recipient@example.com")])
    }

    @Test("automatic answers are known as such")
    func automatic() throws {
        for file in try Fixtures.list("email/raw/auto_reply") {
            let events = try events(file)
            #expect(events.map(\.kind) == [.messageAutoReply], "\(file)")
            #expect(events[0].text?.isEmpty == false && events[0].requests.isEmpty, "\(file)")
        }
    }

    @Test("what only looks like a bounce stays a message")
    func notBounces() throws {
        for file in try Fixtures.list("email/raw/not-bounce") {
            #expect(try events(file).map(\.kind) == [.messageReceived], "\(file)")
        }
    }
}
