import Domain

/// A condition on the metadata of an entry, decided on the bytes of its column.
enum MetadataTest {
    /// Some key fits.
    case key(TextTest)
    /// Some value fits.
    case value(ValueTest)
    /// Some key fits, and so does its value.
    case pair(TextTest, ValueTest)
    /// Some key or some value fits.
    case either(TextTest)

    func fits(_ bytes: Span<UInt8>) -> Bool {
        var isFound = false
        var isWhole = false
        MetadataBytes.forEach(bytes, isWhole: &isWhole) { kind, key, value in
            isFound =
                switch self {
                case .key(let test): test.fits(bytes, key)
                case .value(let test): test.fits(bytes, value, kind)
                case .pair(let first, let second): first.fits(bytes, key) && second.fits(bytes, value, kind)
                case .either(let test): test.fits(bytes, key) || test.fits(bytes, value)
                }
            return !isFound
        }
        return isFound
    }
}

/// A condition on a value of metadata. Numbers are told apart by their size where both sides are numbers, else and for
/// equality it is the spelling that counts.
struct ValueTest {
    private let text: TextTest
    /// Of the wanted texts those that are numbers.
    private let numbers: [Double]

    init(_ operation: LogFilter.Operation, _ texts: [String]) {
        text = TextTest(operation, texts)
        numbers = operation.isOrder ? texts.compactMap { Double($0) } : []
    }

    func fits(_ bytes: Span<UInt8>, _ range: Range<Int>, _ kind: MetadataBytes.Kind) -> Bool {
        if kind == .number, !numbers.isEmpty, let value = Self.number(bytes, range) {
            return numbers.contains { text.operation.holds(between: value, and: $0) }
        }
        return text.fits(bytes, range)
    }

    private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Double? {
        var text = ""
        for position in range { text.unicodeScalars.append(Unicode.Scalar(bytes[position])) }
        return Double(text)
    }
}

extension LogFilter.Operation {
    /// Whether it asks for less or more.
    var isOrder: Bool {
        switch self {
        case .less, .greater, .atMost, .atLeast: true
        case .equal, .notEqual, .contains: false
        }
    }

    func holds<Size: Comparable>(between value: Size, and wanted: Size) -> Bool {
        switch self {
        case .equal, .contains: value == wanted
        case .notEqual: value != wanted
        case .less: value < wanted
        case .greater: value > wanted
        case .atMost: value <= wanted
        case .atLeast: value >= wanted
        }
    }
}
