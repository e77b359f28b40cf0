/// Takes a `text/event-stream` in chunks cut anywhere and gives its events one by one.
///
/// After each `feed` call `next` until it gives nil. Lines may end in LF, CR LF or CR; a CR at the end of what has come
/// waits for the byte after it, so an event ended by a bare CR comes with the next chunk or after `finish`.
public struct ServerSentEventReader: Sendable {
    /// How large one event may be unless the owner says otherwise.
    public static let defaultMaximumEventBytes = 8 << 20

    private let maximumEventBytes: Int
    private(set) var buffer: [UInt8] = []
    /// Where the event at hand starts in the buffer. The places below count from there.
    private var start = 0
    private var lineStart = 0
    /// Up to where the line at hand was searched for its end.
    private var searched = 0
    private var block = ServerSentEventBlock()
    private var mayHaveByteOrderMark = true
    private var isFinished = false
    private var failure: ServerSentEventError?

    public init(maximumEventBytes: Int = ServerSentEventReader.defaultMaximumEventBytes) {
        self.maximumEventBytes = maximumEventBytes
    }

    /// Adds what came next.
    public mutating func feed(_ chunk: [UInt8]) {
        if buffer.isEmpty {
            // The usual case, whole events in each chunk: nothing is copied.
            buffer = chunk
            return
        }
        if start > 0 {
            buffer.removeSubrange(..<start)
            start = 0
        }
        buffer.append(contentsOf: chunk)
    }

    /// The next whole event, or nil until more is fed. Once this has thrown, it always throws the same.
    public mutating func next() throws(ServerSentEventError) -> ServerSentEvent? {
        if let failure { throw failure }
        guard passByteOrderMark() else { return nil }
        while let line = nextLine() {
            if !line.isEmpty {
                block.add(line, of: buffer, from: start)
            } else if block.hasLines {
                try checkSize(lineStart)
                return take(lineStart)
            }
        }
        try checkSize(buffer.count - start)
        return nil
    }

    /// Says that nothing more will come. Call `next` once more after it, until nil. Tells whether the stream broke off
    /// within an event, which by the standard is then dropped.
    public mutating func finish() -> Bool {
        isFinished = true
        var rest = self
        while (try? rest.next()) != nil {}
        return rest.failure != nil || rest.hasUnfinishedEvent
    }

    /// After `finish` and the last `next`: what there is of an event whose blank line never came. Some vendors leave
    /// out the last one. The last line of it may be cut off anywhere.
    public mutating func takeUnfinishedEvent() -> ServerSentEvent? {
        guard isFinished, failure == nil, hasUnfinishedEvent else { return nil }
        let end = buffer.count - start
        if lineStart < end { block.add(lineStart..<end, of: buffer, from: start) }
        return take(end)
    }

    private var hasUnfinishedEvent: Bool {
        block.hasLines || start + lineStart < buffer.count
    }

    private mutating func checkSize(_ size: Int) throws(ServerSentEventError) {
        guard size > maximumEventBytes else { return }
        let error = ServerSentEventError.eventTooLarge(limit: maximumEventBytes)
        failure = error
        buffer = []
        throw error
    }

    private mutating func take(_ size: Int) -> ServerSentEvent {
        let end = start + size
        let isAll = start == 0 && end == buffer.count
        let event = block.event(raw: isAll ? buffer : Array(buffer[start..<end]))
        block = ServerSentEventBlock()
        start = end
        lineStart = 0
        searched = 0
        if start == buffer.count {
            buffer = []
            start = 0
        }
        return event
    }

    /// The next whole line without its end.
    private mutating func nextLine() -> Range<Int>? {
        let end = buffer.firstLineEnd(from: start + searched)
        guard end < buffer.count else {
            searched = end - start
            return nil
        }
        var next = end + 1
        if buffer[end] == carriageReturn {
            guard next < buffer.count || isFinished else {
                searched = end - start
                return nil
            }
            if next < buffer.count && buffer[next] == lineFeed { next += 1 }
        }
        let line = lineStart..<(end - start)
        lineStart = next - start
        searched = lineStart
        return line
    }

    /// One byte order mark may stand before everything. False while it is not known whether it does.
    private mutating func passByteOrderMark() -> Bool {
        guard mayHaveByteOrderMark else { return true }
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        guard buffer.count >= mark.count || !mark.starts(with: buffer) || isFinished else { return false }
        mayHaveByteOrderMark = false
        if buffer.starts(with: mark) {
            lineStart = mark.count
            searched = mark.count
        }
        return true
    }
}

extension [UInt8] {
    /// Where the first CR or LF at or after `start` lies, or the end. Looks at eight bytes at a time: the high bit of a
    /// lane is set when it holds one; a borrow can only flag lanes above a true hit, so the lowest flag is right.
    fileprivate func firstLineEnd(from start: Int) -> Int {
        unsafe withUnsafeBytes { bytes in
            var at = start
            while at + 8 <= bytes.count {
                let word = unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                let feeds = word ^ 0x0a0a_0a0a_0a0a_0a0a
                let returns = word ^ 0x0d0d_0d0d_0d0d_0d0d
                let hits =
                    ((feeds &- 0x0101_0101_0101_0101) & ~feeds) | ((returns &- 0x0101_0101_0101_0101) & ~returns)
                let flags = hits & 0x8080_8080_8080_8080
                if flags != 0 { return at + flags.trailingZeroBitCount / 8 }
                at += 8
            }
            while at < bytes.count, unsafe bytes[at] != lineFeed, unsafe bytes[at] != carriageReturn { at += 1 }
            return at
        }
    }
}
