internal import CSimdJSON

/// Checks JSON texts and finds their parts without decoding them. Keeps its buffers from text to text, so an event
/// loop has one and uses it for all; it is not for sharing between threads.
@safe public final class JSONScanner {
    /// How large a text may be unless the owner says otherwise.
    public static let defaultMaximumBytes = 64 << 20
    /// How deep arrays and objects may lie in each other unless the caller says otherwise.
    public static let defaultMaximumDepth = 512
    /// No caller gets more: trees are built, compared and freed by recursion.
    public static let depthCeiling = 1024

    private let handle: OpaquePointer?
    private let maximumBytes: Int

    public init(maximumBytes: Int = JSONScanner.defaultMaximumBytes) {
        // Positions are kept in 32 bits.
        self.maximumBytes = min(max(maximumBytes, 0), Int(Int32.max))
        unsafe handle = csimdjson_create(self.maximumBytes)
    }

    deinit {
        unsafe csimdjson_destroy(handle)
    }

    /// Checks the whole text and lists its root and what lies directly in the root. Bytes are never copied.
    public func scan(
        _ bytes: [UInt8], maximumDepth: Int = JSONScanner.defaultMaximumDepth
    ) throws(JSONError) -> JSONIndex {
        try scan(bytes, in: bytes.indices, maximumDepth: maximumDepth)
    }

    /// The same for the text in a part of `bytes`, such as the value of a field found before.
    public func scan(
        _ bytes: [UInt8], in range: Range<Int>, maximumDepth: Int = JSONScanner.defaultMaximumDepth
    ) throws(JSONError) -> JSONIndex {
        try run(bytes, range, maximumDepth, listedDepth: 1)
        defer { unsafe csimdjson_release(handle) }
        return unsafe JSONIndex(nodes: nodes, offset: range.lowerBound)
    }

    /// Checks the whole text and lists what lies in at most so many arrays and objects.
    public func outline(
        _ bytes: [UInt8], levels: Int, maximumDepth: Int = JSONScanner.defaultMaximumDepth
    ) throws(JSONError) -> JSONOutline {
        try run(bytes, bytes.indices, maximumDepth, listedDepth: UInt32(clamping: levels))
        defer { unsafe csimdjson_release(handle) }
        return unsafe JSONOutline(nodes: nodes)
    }

    /// Checks the whole text and makes it a tree.
    public func value(
        _ bytes: [UInt8], maximumDepth: Int = JSONScanner.defaultMaximumDepth
    ) throws(JSONError) -> JSONValue {
        try value(bytes, in: bytes.indices, maximumDepth: maximumDepth)
    }

    /// The same for the text in a part of `bytes`.
    public func value(
        _ bytes: [UInt8], in range: Range<Int>, maximumDepth: Int = JSONScanner.defaultMaximumDepth
    ) throws(JSONError) -> JSONValue {
        try run(bytes, range, maximumDepth, listedDepth: .max)
        defer { unsafe csimdjson_release(handle) }
        var builder = unsafe JSONTreeBuilder(nodes: nodes, bytes: bytes, offset: range.lowerBound)
        return builder.next()
    }

    /// What the last scan listed; the root is always there after a scan that did not throw.
    private var nodes: UnsafeBufferPointer<csimdjson_node> {
        unsafe UnsafeBufferPointer(start: csimdjson_nodes(handle), count: csimdjson_node_count(handle))
    }

    private func run(
        _ bytes: [UInt8], _ range: Range<Int>, _ maximumDepth: Int, listedDepth: UInt32
    ) throws(JSONError) {
        guard unsafe handle != nil else { throw .outOfMemory }
        guard range.upperBound <= maximumBytes else { throw .tooLarge(limit: maximumBytes) }
        let depth = min(max(maximumDepth, 0), JSONScanner.depthCeiling)
        let code = unsafe bytes[range].withUnsafeBufferPointer { text in
            unsafe csimdjson_scan(handle, text.baseAddress, text.count, UInt32(depth), listedDepth)
        }
        guard code != csimdjson_ok.rawValue else { return }
        defer { unsafe csimdjson_release(handle) }
        throw error(code, offset: range.lowerBound, maximumDepth: depth)
    }

    private func error(_ code: Int32, offset: Int, maximumDepth: Int) -> JSONError {
        let found = unsafe csimdjson_error_offset(handle)
        let place = found == .max ? nil : Int(found) + offset
        return switch UInt32(code) {
        case csimdjson_empty.rawValue: .empty
        case csimdjson_not_utf8.rawValue: .notUTF8
        case csimdjson_too_deep.rawValue: .tooDeep(limit: maximumDepth)
        case csimdjson_trailing.rawValue: .trailingContent(offset: place)
        case csimdjson_too_large.rawValue: .tooLarge(limit: maximumBytes)
        case csimdjson_no_memory.rawValue: .outOfMemory
        default: .invalid(offset: place)
        }
    }
}

@available(*, unavailable, message: "A scanner belongs to one thread.")
extension JSONScanner: Sendable {}

extension JSONValue {
    /// Makes a tree of a whole text. A loop that does this often keeps a `JSONScanner` instead.
    public init(
        parsing bytes: [UInt8], maximumDepth: Int = JSONScanner.defaultMaximumDepth
    ) throws(JSONError) {
        self = try JSONScanner().value(bytes, maximumDepth: maximumDepth)
    }
}
