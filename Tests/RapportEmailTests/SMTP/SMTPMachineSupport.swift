import RapportChannels
import RapportEmail

/// Drives a state machine by hand.
struct SMTPDriver {
    var machine: SMTPStateMachine
    var actions: [SMTPStateMachine.Action] = []

    init(_ settings: SMTPStateMachine.Settings) {
        machine = SMTPStateMachine(settings)
    }

    /// A machine that is ready, with a server that has these extensions.
    static func ready(_ extensions: String..., messageLimit: Int = .max) -> SMTPDriver {
        var driver = SMTPDriver(.init(clientName: "me.example", security: .none, messageLimit: messageLimit))
        driver.add(driver.machine.connected())
        driver.say("220 hi\r\n")
        driver.say((["250-hi"] + extensions.map { "250-\($0)" }).joined(separator: "\r\n") + "\r\n250 HELP\r\n")
        driver.actions = []
        return driver
    }

    mutating func say(_ text: String) {
        add(machine.received(Array(text.utf8)))
    }

    mutating func begin(_ ticket: Int, _ envelope: SMTPEnvelope = .test()) throws {
        add(machine.begin(ticket, try .init(envelope, content: SMTPContent(envelope.message))))
    }

    mutating func add(_ more: [SMTPStateMachine.Action]) {
        actions += more
    }

    /// What was done since the last call, writes as text, those that follow each other together.
    mutating func taken() -> [String] {
        defer { actions = [] }
        var merged: [SMTPStateMachine.Action] = []
        for action in actions {
            if case .write(let more) = action, case .write(let before) = merged.last {
                merged[merged.count - 1] = .write(before + more)
            } else {
                merged.append(action)
            }
        }
        return merged.map { action in
            switch action {
            case .write(let bytes): String(decoding: bytes, as: UTF8.self)
            case .writeContent(let ticket): "content \(ticket)"
            case .startTLS: "TLS"
            case .ready: "ready"
            case .complete(let ticket, .success(let receipt)): "\(ticket): \(receipt.detail)"
            case .complete(let ticket, .failure(let error)): "\(ticket): \(error.code) \(error.status ?? "-")"
            case .giveBack(let ticket, let error): "\(ticket) back: \(error.code)"
            case .failed(let error): "failed: \(error.code) \(error.status ?? "-")"
            case .abort: "abort"
            case .close: "close"
            }
        }
    }
}

extension SMTPEnvelope {
    static func test(
        from: String = "f@a.example", to: [String] = ["t@b.example"], _ message: String = "Subject: x\r\n\r\nhello\r\n"
    ) -> SMTPEnvelope {
        SMTPEnvelope(mailFrom: from, recipients: to, message: Array(message.utf8))
    }
}
