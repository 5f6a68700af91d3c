import Glibc

/// How many files and connections this process may have open at once (RLIMIT_NOFILE).
///
/// Systems start programs with a soft limit of 1,024 for the sake of old ones that use select(2), and let them raise it.
enum OpenFileLimit {
    /// What the store, the mail servers' and gateways' connections and the log need beside clients of the HTTP server.
    static let ownNeeds = 512

    /// Raises the soft limit as far as this many clients need it.
    ///
    /// - Returns: for how many clients there is room, at least 8.
    static func makeRoom(forClients clients: Int) -> Int {
        let wanted = rlim_t(clients + clients / 4 + 64 + ownNeeds)
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return clients }
        if limit.rlim_cur < wanted {
            limit.rlim_cur = min(wanted, limit.rlim_max)
            _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
            guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return clients }
        }
        return room(within: Int(clamping: limit.rlim_cur), forClients: clients)
    }

    /// Half of a limit that is too small for everything is left to the hub's own needs.
    static func room(within limit: Int, forClients clients: Int) -> Int {
        // A limit may be infinite.
        let limit = min(limit, 1 << 30)
        let own = min(ownNeeds, limit / 2)
        return min(clients, max(8, (limit - own - 64) * 4 / 5))
    }
}
