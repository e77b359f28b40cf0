/// Writes messages in protobuf's wire format: as much of it as spans need.
///
/// Fields that have their default value are left out, as proto3 has it, unless `always` is said.
struct ProtobufWriter {
    private(set) var bytes: [UInt8] = []

    private enum WireType: UInt64 {
        case varint = 0
        case fixed64 = 1
        case lengthDelimited = 2
    }

    mutating func varint(_ field: Int, _ value: UInt64, always: Bool = false) {
        guard always || value != 0 else { return }
        tag(field, .varint)
        append(value)
    }

    /// `int64`: two's complement, so a negative number takes ten bytes.
    mutating func int64(_ field: Int, _ value: Int64, always: Bool = false) {
        varint(field, UInt64(bitPattern: value), always: always)
    }

    mutating func bool(_ field: Int, _ value: Bool, always: Bool = false) {
        varint(field, value ? 1 : 0, always: always)
    }

    mutating func fixed64(_ field: Int, _ value: UInt64) {
        guard value != 0 else { return }
        tag(field, .fixed64)
        append(littleEndian: value)
    }

    mutating func double(_ field: Int, _ value: Double, always: Bool = false) {
        guard always || value.bitPattern != 0 else { return }
        tag(field, .fixed64)
        append(littleEndian: value.bitPattern)
    }

    mutating func string(_ field: Int, _ value: String, always: Bool = false) {
        blob(field, Array(value.utf8), always: always)
    }

    mutating func blob(_ field: Int, _ value: [UInt8], always: Bool = false) {
        guard always || !value.isEmpty else { return }
        tag(field, .lengthDelimited)
        append(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    /// A message within this one; there even when it is empty.
    mutating func message(_ field: Int, _ write: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        write(&inner)
        blob(field, inner.bytes, always: true)
    }

    private mutating func tag(_ field: Int, _ type: WireType) {
        append(UInt64(field) << 3 | type.rawValue)
    }

    private mutating func append(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func append(littleEndian value: UInt64) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}
