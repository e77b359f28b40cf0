/// Addresses that mean the machine itself, a network of one's own or nobody in particular: no place to send anything for
/// somebody else.
public enum PrivateAddresses {
    static let written = [
        // This network, private, shared with the provider's customers, loopback, link-local (where clouds keep their
        // credentials), private.
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        // Protocols, documentation, the way to IPv6 of old, private, measuring, documentation twice.
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24",
        // What Azure's machines are told by; public by its number only.
        "168.63.129.16",
        // Many at once, and reserved.
        "224.0.0.0/4", "240.0.0.0/4",
        // Of IPv6 only 2000::/3 is given out. Outside lie the unspecified address, loopback, IPv4 in several disguises,
        // what is thrown away, unique local, link-local, site-local, and many at once.
        "::/3", "4000::/2", "8000::/1",
        // And inside: protocols with another way to IPv4, documentation, one more way, the first test network,
        // documentation.
        "2001::/23", "2001:db8::/32", "2002::/16", "3ffe::/16", "3fff::/20",
    ]

    static let ranges = written.compactMap { AddressRange($0) }

    /// For an address as sockets write it. What is no address is not among them.
    public static func contains(_ address: String) -> Bool {
        ranges.contains { $0.contains(address) }
    }

    /// For the 4 or 16 bytes of an address in the order of the network. Anything else is among them, to be on the safe
    /// side.
    public static func contains(_ address: [UInt8]) -> Bool {
        guard address.count == 4 || address.count == 16 else { return true }
        return ranges.contains { $0.contains(address) }
    }
}
