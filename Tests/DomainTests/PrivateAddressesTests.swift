import Glibc
import Testing

@testable import Domain

@Suite("Private addresses")
struct PrivateAddressesTests {
    @Test func `every range is one`() {
        #expect(PrivateAddresses.ranges.count == PrivateAddresses.written.count)
    }

    /// The first and the last of each range, and what people try.
    static let inside = [
        "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.1.2.3", "10.255.255.255", "100.64.0.0", "100.100.100.200",
        "100.127.255.255", "127.0.0.0", "127.0.0.1", "127.255.255.255", "168.63.129.16", "169.254.0.0",
        "169.254.169.254", "169.254.255.255", "172.16.0.0", "172.31.255.255", "192.0.0.0", "192.0.0.192",
        "192.0.0.255", "192.0.2.0", "192.0.2.255", "192.88.99.1", "192.168.0.0", "192.168.255.255", "198.18.0.0",
        "198.19.255.255", "198.51.100.0", "198.51.100.255", "203.0.113.0", "203.0.113.255", "224.0.0.0",
        "239.255.255.255", "240.0.0.0", "255.255.255.255",
        // IPv6 of its own.
        "::", "::1", "100::1", "1fff:ffff::1", "2001::1", "2001:1ff:ffff::1", "2001:db8::1", "2001:db8:ffff::1",
        "3ffe::1", "3fff::1", "3fff:fff::1", "4000::1", "5f00::1", "fc00::1", "fd00::1", "fd00:ec2::254",
        "fdff:ffff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ffff::1",
        // IPv4 in disguise: mapped, compatible, translated, and by way of somebody else.
        "::ffff:10.0.0.1", "::ffff:7f00:1", "::ffff:169.254.169.254", "::ffff:203.0.113.1", "::127.0.0.1", "::a00:1",
        "::ffff:0:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1",
    ]

    /// The neighbours of each range.
    static let outside = [
        "1.0.0.0", "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0", "168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0",
        "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0", "192.0.3.0", "192.88.98.255", "192.88.100.0",
        "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "198.51.99.255", "198.51.101.0",
        "203.0.112.255", "203.0.114.0", "223.255.255.255",
        "2000::1", "2001:200::1", "2001:db7:ffff::1", "2001:db9::1", "2003::1", "2606:4700:4700::1111",
        "2a00:1450:4001::1", "3ffd:ffff::1", "3fff:1000::1", "::ffff:1.1.1.1", "::ffff:808:808",
    ]

    @Test(arguments: inside)
    func `these are`(address: String) throws {
        #expect(PrivateAddresses.contains(address))
        #expect(PrivateAddresses.contains(try #require(bytes(address))))
    }

    @Test(arguments: outside)
    func `these are not`(address: String) throws {
        #expect(!PrivateAddresses.contains(address))
        #expect(!PrivateAddresses.contains(try #require(bytes(address))))
    }

    @Test func `the interface behind an address does not matter`() {
        #expect(PrivateAddresses.contains("fe80::1%eth0"))
    }

    @Test(arguments: ["example.com", "localhost", "", "127.1", "10.0.0.0/8"])
    func `texts that are no addresses are not among them`(text: String) {
        #expect(!PrivateAddresses.contains(text))
    }

    @Test(arguments: [0, 1, 3, 5, 8, 15, 17, 32])
    func `bytes that are no address are among them`(count: Int) {
        #expect(PrivateAddresses.contains([UInt8](repeating: 8, count: count)))
    }

    /// As the system reads it.
    private func bytes(_ address: String) -> [UInt8]? {
        let isNewer = address.contains(":")
        var bytes = [UInt8](repeating: 0, count: isNewer ? 16 : 4)
        return inet_pton(isNewer ? AF_INET6 : AF_INET, address, &bytes) == 1 ? bytes : nil
    }
}
