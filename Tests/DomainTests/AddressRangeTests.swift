import Domain
import Testing

@Suite("Networks")
struct AddressRangeTests {
    @Test(
        "A network has its addresses",
        arguments: [
            ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
            ("10.1.2.3/8", "10.200.0.1", true), ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "192.0.2.8", false),
            ("192.0.2.7/32", "192.0.2.7", true), ("192.0.2.6/31", "192.0.2.7", true),
            ("192.0.2.6/31", "192.0.2.8", false), ("0.0.0.0/0", "255.255.255.255", true), ("0.0.0.0/0", "::1", false),
            ("128.0.0.0/1", "127.255.255.255", false), ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::1", false), ("2001:DB8::1", "2001:db8:0:0:0:0:0:1", true),
            ("::/0", "2001:db8::1", true), ("::/0", "10.0.0.1", false), ("::1", "::1", true), ("::1", "::2", false),
            ("::", "0:0:0:0:0:0:0:0", true), ("fe80::/10", "fe80::1%eth0", true), ("1::/16", "1::", true),
            ("2001:db8::/33", "2001:db8:8000::", false), ("2001:db8::/127", "2001:db8::1", true),
            ("::ffff:10.0.0.0/104", "10.9.9.9", true), ("10.0.0.0/8", "::ffff:10.9.9.9", true),
            ("::ffff:10.0.0.1", "10.0.0.1", true), ("10.0.0.0/8", "::ffff:a09:909", true),
            ("64:ff9b::192.0.2.1", "64:ff9b::c000:201", true),
            ("10.0.0.0/8", "", false), ("10.0.0.0/8", "10.0.0", false), ("10.0.0.0/8", "10.0.0.0/8", false),
            ("10.0.0.0/8", "localhost", false),
        ])
    func contains(range: String, address: String, isInside: Bool) throws {
        #expect(try #require(AddressRange(range)).contains(address) == isInside)
    }

    @Test(
        "What could be read in two ways, or in none, is no network",
        arguments: [
            "", "/", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.0/8/8",
            "10.0.0.0/x", "10.0.0", "10.0.0.0.0", "10.0.0.256", "010.0.0.1", "10.0.0.01", "0x0a.0.0.1", "10..0.1",
            "10.0.0.1 ", " 10.0.0.1", "10.0.0.٣", "1.2.3.4:80", ":", ":::", "1::2::3", "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9", "1:2:3:4::5:6:7:8", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "12345::", "g::", "::1/129",
            "::1/", "[::1]", "fe80::1%eth0", "::1.2.3", "1.2.3.4::", "::1.2.3.4:5", "::ffff:10.0.0.0/95",
            "::ffff:10.0.0.0/8", "*", "all", "10.*", "+1::", "-1::", "::0x1",
            "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
        ])
    func notARange(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test func `a prefix has exactly its bits`() throws {
        for length in 0...32 {
            let range = try #require(AddressRange("170.170.170.170/\(length)"))
            for bit in 0..<32 {
                let value: UInt32 = 0xAAAA_AAAA ^ (1 << (31 - bit))
                let text = [24, 16, 8, 0].map { "\(value >> UInt32($0) & 255)" }.joined(separator: ".")
                #expect(range.contains(text) == (bit >= length), "\(text) in /\(length)")
            }
        }
    }
}

@Suite("Private networks")
struct PrivateNetworksTests {
    @Test(
        "They are not to be reached for others",
        arguments: [
            "127.0.0.1", "0.0.0.0", "10.1.2.3", "100.64.0.1", "169.254.169.254", "172.31.255.255", "192.168.0.1",
            "198.19.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fd00::1", "::ffff:127.0.0.1",
            "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1", "", "localhost", "10.0.0.0/8", "127.1",
        ])
    func inside(address: String) {
        #expect(PrivateNetworks.contain(address))
    }

    @Test(
        "All others are", arguments: ["1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "::ffff:8.8.8.8"])
    func outside(address: String) {
        #expect(!PrivateNetworks.contain(address))
    }
}
