import Domain

/// The hash by which a text of an entry can be looked up. Texts may share one: who finds an entry by it looks again.
struct Tag: Hashable, Sendable {
    /// Entries whose numbers differ in these bits only share a slot.
    static let slotBits: Int64 = 14

    let value: Int64

    /// Of a value of metadata, under whatever key.
    static func metadataValue(_ text: String) -> Tag { Tag(1, text) }

    static func eventID(_ text: String) -> Tag { Tag(2, text) }

    static func slot(of number: Int64) -> Int64 { number >> slotBits }

    /// All tags of an entry.
    static func tags(eventID: String?, metadata: CallMetadata) -> Set<Tag> {
        var tags = Set(metadata.entries.map { Tag.metadataValue($0.value.text) })
        if let eventID { tags.insert(.eventID(eventID)) }
        return tags
    }

    /// FNV-1a, folded to the 32 bits that SQLite keeps in four bytes. On disk: never changes.
    private init(_ kind: UInt8, _ text: String) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        hash = (hash ^ UInt64(kind)) &* 0x100_0000_01B3
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        value = Int64(Int32(truncatingIfNeeded: hash ^ (hash >> 32)))
    }
}
