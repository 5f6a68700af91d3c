/// The files of a Postfix that lives in one folder and speaks to nobody outside 127.0.0.1 (postconf(5), master(5)).
struct PostfixConfiguration {
    /// The folder of `etc`, `queue`, `data`, `mail` and `log`.
    let folder: String
    let port: Int
    /// Where the servers of other domains are played by a second smtpd.
    let farPort: Int
    let routes: [String: MailRoute]
    /// Whether a mail that is still queued after a second is reported to its return path.
    let sendsDelayNotices: Bool

    var main: String {
        """
        compatibility_level = 3.6
        queue_directory = \(folder)/queue
        data_directory = \(folder)/data
        command_directory = /usr/sbin
        daemon_directory = /usr/lib/postfix/sbin
        mail_owner = postfix
        setgid_group = postdrop
        maillog_file = \(folder)/log/mail.log
        maillog_file_prefixes = \(folder)
        myhostname = mail.rapport.test
        mydestination =
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        mynetworks = 127.0.0.0/8
        alias_maps =
        alias_database =
        biff = no
        notify_classes =
        enable_long_queue_ids = yes
        message_size_limit = 52428800
        virtual_mailbox_limit = 0
        disable_dns_lookups = yes
        smtp_host_lookup = native
        smtpd_peername_lookup = no
        smtpd_relay_restrictions =
        smtpd_recipient_restrictions = check_recipient_access texthash:\(folder)/etc/access, reject_unauth_destination
        smtpd_tls_security_level = may
        smtpd_tls_cert_file = \(folder)/etc/certificate.pem
        smtpd_tls_key_file = \(folder)/etc/key.pem
        transport_maps = texthash:\(folder)/etc/transport
        default_transport = error:5.4.4 Nothing leaves this machine
        relay_domains = \(domains { if case .mailbox = $0 { false } else { true } })
        virtual_mailbox_domains = \(domains { if case .mailbox = $0 { true } else { false } })
        virtual_mailbox_base = \(folder)/mail
        virtual_mailbox_maps = static:all/
        virtual_uid_maps = static:65534
        virtual_gid_maps = static:65534
        in_flow_delay = 0
        queue_run_delay = 1s
        minimal_backoff_time = 1s
        maximal_backoff_time = 2s
        delay_warning_time = \(sendsDelayNotices ? "1s" : "0")

        """
    }

    var master: String {
        """
        127.0.0.1:\(port) inet n - n - - smtpd
        127.0.0.1:\(farPort) inet n - n - - smtpd
          -o myhostname=mx.elsewhere.test
          -o smtpd_recipient_restrictions=
          -o smtpd_relay_restrictions=check_recipient_access,texthash:\(folder)/etc/far-access,reject
        pickup unix n - n 60 1 pickup
        cleanup unix n - n - 0 cleanup
        qmgr unix n - n 300 1 qmgr
        tlsmgr unix - - n 1000? 1 tlsmgr
        rewrite unix - - n - - trivial-rewrite
        bounce unix - - n - 0 bounce
        defer unix - - n - 0 bounce
        trace unix - - n - 0 bounce
        verify unix - - n - 1 verify
        flush unix n - n 1000? 0 flush
        proxymap unix - - n - - proxymap
        proxywrite unix - - n - 1 proxymap
        smtp unix - - n - - smtp
        relay unix - - n - - smtp
        showq unix n - n - - showq
        error unix - - n - - error
        retry unix - - n - - error
        virtual unix - n n - - virtual
        lmtp unix - - n - - lmtp
        anvil unix - - n - 1 anvil
        scache unix - - n - 1 scache
        postlog unix-dgram n - n - 1 postlogd

        """
    }

    /// access(5): refusals at the door.
    var access: String {
        lines { if case .refuse(let reply) = $0 { reply } else { nil } }
    }

    /// access(5) of the far server.
    var farAccess: String {
        lines { if case .refuseLater(let reply) = $0 { reply } else { nil } }
    }

    /// transport(5). A single address may be routed unlike its domain.
    var transport: String {
        lines {
            switch $0 {
            case .mailbox: "virtual:"
            case .lmtp(let port): "lmtp:inet:127.0.0.1:\(port)"
            case .smtp(let port): "smtp:[127.0.0.1]:\(port)"
            case .refuse: nil
            case .refuseLater: "smtp:[127.0.0.1]:\(farPort)"
            }
        }
    }

    private func domains(_ fits: (MailRoute) -> Bool) -> String {
        routes.filter { !$0.key.contains("@") && fits($0.value) }.keys.sorted().joined(separator: " ")
    }

    private func lines(_ value: (MailRoute) -> String?) -> String {
        routes.sorted { $0.key < $1.key }
            .compactMap { route in value(route.value).map { "\(route.key) \($0)\n" } }.joined()
    }
}
