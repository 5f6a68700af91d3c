/// `kannel.conf` of a bearerbox, an smsbox and one fake SMSC on 127.0.0.1.
struct KannelConfiguration {
    static let username = "rapport"
    static let password = "gateway-password"
    static let adminPassword = "admin-password"

    let folder: String
    let adminPort: Int
    let boxPort: Int
    let sendPort: Int
    let smscPort: Int
    let shortNumber: String
    /// Called for each incoming SMS, with Kannel's escapes (`%p`, `%P`, `%b`, …) in it.
    let incomingURL: String
    /// Numbers with this prefix find no SMSC and are refused.
    let rejectedPrefix: String

    var text: String {
        """
        group = core
        admin-port = \(adminPort)
        admin-interface = 127.0.0.1
        admin-password = \(Self.adminPassword)
        smsbox-port = \(boxPort)
        smsbox-interface = 127.0.0.1
        box-allow-ip = 127.0.0.1
        box-deny-ip = "*.*.*.*"
        dlr-storage = internal
        sms-resend-freq = 1
        log-file = "\(folder)/bearerbox.log"
        log-level = 1

        group = smsc
        smsc = fake
        smsc-id = fake
        port = \(smscPort)
        connect-allow-ip = 127.0.0.1
        denied-prefix = "\(rejectedPrefix)"

        group = smsbox
        bearerbox-host = 127.0.0.1
        sendsms-port = \(sendPort)
        sendsms-interface = 127.0.0.1
        http-request-retry = 10
        http-queue-delay = 1
        log-file = "\(folder)/smsbox.log"
        log-level = 1

        group = sendsms-user
        username = \(Self.username)
        password = \(Self.password)
        default-sender = \(shortNumber)
        concatenation = true
        max-messages = 10

        group = sms-service
        keyword = default
        catch-all = yes
        max-messages = 0
        get-url = "\(incomingURL)"

        """
    }
}
