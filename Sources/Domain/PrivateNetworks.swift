/// Addresses that are not meant to be reached from outside: nobody may send the gateway there for them.
public enum PrivateNetworks {
    private static let ranges: [AddressRange] = [
        // This host, private use, carriers, loopback, link-local.
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        // Protocol assignments, documentation, private use, measurement.
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24",
        // Multicast and what is reserved.
        "224.0.0.0/4", "240.0.0.0/4",
        // The same in the newer family, and the ranges that translate to older addresses.
        "::/128", "::1/128", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
        "fc00::/7", "fe80::/10", "ff00::/8",
    ].compactMap(AddressRange.init)

    /// Whether an address as sockets write it is one of them. What is no address is, to be on the safe side.
    public static func contain(_ address: String) -> Bool {
        guard AddressRange(address) != nil, !address.contains("/") else { return true }
        return ranges.contains { $0.contains(address) }
    }
}
