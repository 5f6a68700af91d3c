import Glibc
import Testing

@testable import RapportHTTPClient

@Suite("Which addresses are public")
struct AddressRuleTests {
    private static let open = [
        "8.8.8.8", "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "168.63.129.17", "2001:4860:4860::8888", "2606:4700::1111",
        "240e::1", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1",
    ]

    private static let closed = [
        "", "localhost", "1.2.3", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.0", "100.100.100.200",
        "100.127.255.255", "127.0.0.1", "127.255.255.255", "168.63.129.16", "169.254.0.0", "169.254.169.254",
        "172.16.0.0", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "198.18.0.0",
        "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.0",
        "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::808:808", "100::1", "2001::1", "2001:db8::1", "2002:a00:1::1", "2002:7f00:1::", "3fff::1",
        "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "ff02::1", "4000::1",
    ]

    @Test("by their text", arguments: open.map { ($0, true) } + closed.map { ($0, false) })
    func text(address: String, isPublic: Bool) {
        #expect(AddressRule.isPublic(address) == isPublic)
    }

    @Test("by their socket address", arguments: open.map { ($0, true) } + closed.map { ($0, false) })
    func socketAddress(address: String, isPublic: Bool) {
        var version4 = sockaddr_in()
        version4.sin_family = sa_family_t(AF_INET)
        var version6 = sockaddr_in6()
        version6.sin6_family = sa_family_t(AF_INET6)
        if inet_pton(AF_INET, address, &version4.sin_addr) == 1 {
            let length = MemoryLayout<sockaddr_in>.size
            #expect(AddressRule.isPublic(&version4, length: length) == isPublic)
            #expect(!AddressRule.isPublic(&version4, length: length - 1))
        } else if inet_pton(AF_INET6, address, &version6.sin6_addr) == 1 {
            let length = MemoryLayout<sockaddr_in6>.size
            #expect(AddressRule.isPublic(&version6, length: length) == isPublic)
            #expect(!AddressRule.isPublic(&version6, length: length - 1))
        }
    }

    @Test("and a socket address of another kind is not")
    func otherFamily() {
        var local = sockaddr_un()
        local.sun_family = sa_family_t(AF_UNIX)
        #expect(!AddressRule.isPublic(&local, length: MemoryLayout<sockaddr_un>.size))
    }
}
