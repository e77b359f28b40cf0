/// Takes one JSON array in chunks cut anywhere and gives its elements one by one, as the bytes they are. Only objects
/// and arrays are given: what else may lie in the array is passed over. Whether an element is JSON is for its reader
/// to say.
struct JSONArrayReader: Sendable {
    private let maximumElementBytes: Int
    private var element: [UInt8] = []
    /// How many brackets are open, that of the array itself included.
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// Whether an element was too large; nothing is read from then on.
    private(set) var isTooLarge = false

    init(maximumElementBytes: Int) {
        self.maximumElementBytes = maximumElementBytes
    }

    /// The elements that end in this chunk.
    mutating func feed(_ bytes: [UInt8]) -> [[UInt8]] {
        var elements: [[UInt8]] = []
        // Where the element at hand goes on in this chunk.
        var start = 0
        for (at, byte) in bytes.enumerated() where !isTooLarge {
            let before = depth
            take(byte)
            if before == 1, depth == 2 { start = at }
            if before == 2, depth == 1 {
                keep(bytes[start...at])
                elements.append(element)
                element = []
            }
        }
        if depth > 1, !isTooLarge { keep(bytes[start...]) }
        return elements
    }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        guard element.count + bytes.count <= maximumElementBytes else {
            isTooLarge = true
            element = []
            return
        }
        element += bytes
    }

    private mutating func take(_ byte: UInt8) {
        if isInString {
            if isEscaped {
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                isInString = false
            }
            return
        }
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
    }
}
