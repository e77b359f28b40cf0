import Domain
import JSON

/// What a call cost, as a member of its usage: `"cost":0.0000792`, in dollars.
enum UsageCost {
    /// Behind other members.
    static func member(_ cost: Nanodollars) -> [UInt8] {
        var text: [UInt8] = []
        text.append(#","cost":"#)
        text.append(contentsOf: cost.exactDollarsText.utf8)
        return text
    }

    /// An object of usage that is not empty, with the cost as its last member.
    static func added(_ cost: Nanodollars?, to usage: [UInt8]) -> [UInt8] {
        guard let cost, usage.last == UInt8(ascii: "}") else { return usage }
        return usage.dropLast() + member(cost) + [UInt8(ascii: "}")]
    }
}
