/// Addresses that mean the machine itself, a network of one's own or nobody in particular: no place for a vendor.
public enum PrivateAddresses {
    static let written = [
        // This network, private, shared with the provider's customers, loopback, link-local.
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
        "192.168.0.0/16", "198.18.0.0/15",
        // Many at once, and reserved.
        "224.0.0.0/4", "240.0.0.0/4",
        // Unspecified, loopback and IPv4 addresses in their oldest disguise.
        "::/96",
        // Unique local, link-local, site-local, many at once.
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        // Ways to an IPv4 address, which may be any of the above.
        "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16",
    ]

    static let ranges = written.compactMap { AddressRange($0) }

    /// For an address as sockets write it. What is no address is not among them.
    public static func contains(_ address: String) -> Bool {
        ranges.contains { $0.contains(address) }
    }
}
