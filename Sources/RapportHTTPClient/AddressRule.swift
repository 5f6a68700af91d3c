import Glibc

/// Which IP addresses are on the public internet, by the special-purpose registries of IANA (RFC 6890).
///
/// What a URL says is no evidence: this judges the address that is about to be connected to, after name resolution.
enum AddressRule {
    /// Whether `text`, an address as libcurl prints it, may be reached; what can't be read may not.
    static func isPublic(_ text: String) -> Bool {
        let bare = text.prefix { $0 != "%" }
        var version4 = in_addr()
        if inet_pton(AF_INET, String(bare), &version4) == 1 {
            return isPublic(version4: withUnsafeBytes(of: version4) { Array($0) })
        }
        var version6 = in6_addr()
        if inet_pton(AF_INET6, String(bare), &version6) == 1 {
            return isPublic(version6: withUnsafeBytes(of: version6) { Array($0) })
        }
        return false
    }

    /// - Parameter address: a `sockaddr` of `length` bytes.
    static func isPublic(_ address: UnsafeRawPointer, length: Int) -> Bool {
        guard length >= MemoryLayout<sa_family_t>.size else { return false }
        switch Int32(address.loadUnaligned(as: sa_family_t.self)) {
        case AF_INET where length >= MemoryLayout<sockaddr_in>.size:
            return isPublic(version4: Array(UnsafeRawBufferPointer(start: address + 4, count: 4)))
        case AF_INET6 where length >= MemoryLayout<sockaddr_in6>.size:
            return isPublic(version6: Array(UnsafeRawBufferPointer(start: address + 8, count: 16)))
        default:
            return false
        }
    }

    private static func isPublic(version4 bytes: [UInt8]) -> Bool {
        !closedVersion4.contains { matches(bytes, $0.prefix, $0.bits) }
    }

    private static func isPublic(version6 bytes: [UInt8]) -> Bool {
        // ::ffff:0:0/96 and the translation prefix 64:ff9b::/96 (RFC 6052) reach the IPv4 address at their end,
        // 6to4 (RFC 3056) the one after its prefix.
        if matches(bytes, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], 96)
            || matches(bytes, [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0], 96)
        {
            return isPublic(version4: Array(bytes[12...]))
        }
        if matches(bytes, [0x20, 0x02], 16) { return isPublic(version4: Array(bytes[2..<6])) }
        // Only 2000::/3 has been given out: that leaves out loopback, ULA, link-local, site-local and multicast.
        guard matches(bytes, [0x20], 3) else { return false }
        return !closedVersion6.contains { matches(bytes, $0.prefix, $0.bits) }
    }

    private static let closedVersion4: [(prefix: [UInt8], bits: Int)] = [
        ([0], 8), ([10], 8), ([127], 8),
        // Carrier-grade NAT, where one cloud also has its metadata service.
        ([100, 64], 10),
        // Link-local, where most clouds have theirs.
        ([169, 254], 16),
        ([172, 16], 12), ([192, 168], 16),
        ([192, 0, 0], 24), ([192, 0, 2], 24), ([192, 88, 99], 24), ([198, 18], 15), ([198, 51, 100], 24),
        ([203, 0, 113], 24),
        // Multicast, reserved, broadcast.
        ([224], 4), ([240], 4),
        // Azure's platform service: a public number that only leads to the machine's own host.
        ([168, 63, 129, 16], 32),
    ]

    private static let closedVersion6: [(prefix: [UInt8], bits: Int)] = [
        // Protocol assignments (Teredo among them), documentation.
        ([0x20, 0x01, 0x00], 23), ([0x20, 0x01, 0x0D, 0xB8], 32), ([0x3F, 0xFF, 0x00], 20),
    ]

    private static func matches(_ bytes: [UInt8], _ prefix: [UInt8], _ bits: Int) -> Bool {
        for bit in 0..<bits {
            let mask: UInt8 = 0x80 >> UInt8(bit % 8)
            let wanted = bit / 8 < prefix.count ? prefix[bit / 8] & mask : 0
            if bytes[bit / 8] & mask != wanted { return false }
        }
        return true
    }
}
