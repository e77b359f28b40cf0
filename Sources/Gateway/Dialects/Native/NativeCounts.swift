import Domain
import JSON

/// The counts of a vendor's usage, as they were seen: of each the latest, nil what nobody told.
struct NativeCounts: Equatable, Sendable {
    enum Count: Int, CaseIterable, Sendable {
        case input, output, total
        /// Parts of the input, or apart from it, as the vendor has it.
        case cached, cacheWrite, toolInput
        /// Part of the output, or apart from it.
        case reasoning
        case inputAudio, inputImage, outputAudio, outputImage
    }

    /// No vendor counts further; a larger figure is a mistake, and adding two such would overflow.
    private static let largestCount = 1 << 40

    private var counts = [Int?](repeating: nil, count: Count.allCases.count)

    subscript(count: Count) -> Int? { counts[count.rawValue] }

    /// What was told, with zero for what was not.
    func told(_ count: Count) -> Int { self[count] ?? 0 }

    /// Nobody told how much went in or came out, so absence is not taken for zero.
    var isUnknown: Bool { self[.input] == nil && self[.output] == nil }

    mutating func set(_ count: Count, _ value: Int?) {
        guard let value, (0...Self.largestCount).contains(value) else { return }
        counts[count.rawValue] = value
    }

    /// Takes in the members of an object that `names` knows.
    mutating func read(_ names: NameTable<Count>, of place: NativeFrame.Place?, in frame: NativeFrame) {
        guard let place, frame[place].kind == .object else { return }
        var next = frame.outline.firstChild(of: place)
        while let child = next {
            if let count = names.value(of: frame.outline.field(child), in: frame.bytes) { set(count, frame.int(child)) }
            next = frame.outline.sibling(after: child, in: place)
        }
    }
}
