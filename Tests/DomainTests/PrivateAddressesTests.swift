import Testing

@testable import Domain

@Suite("Private addresses")
struct PrivateAddressesTests {
    @Test func `every range is one`() {
        #expect(PrivateAddresses.ranges.count == PrivateAddresses.written.count)
    }

    @Test(arguments: [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.1",
        "172.31.255.255", "192.168.1.1", "198.19.0.1", "224.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1",
        "::ffff:10.0.0.1", "::ffff:a00:1", "fd00::1", "fe80::1", "fe80::1%eth0", "ff02::1", "64:ff9b::7f00:1",
        "2002:7f00:1::",
    ])
    func `these are`(address: String) {
        #expect(PrivateAddresses.contains(address))
    }

    @Test(arguments: [
        "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.128.0.0", "172.32.0.0", "192.167.255.255",
        "2606:4700:4700::1111", "::ffff:1.1.1.1", "2001:db8::1", "example.com", "localhost", "",
    ])
    func `these are not`(address: String) {
        #expect(!PrivateAddresses.contains(address))
    }
}
