import HTTPCore

/// One line of an answer's head, as libcurl hands it over: with its line break, valid for the length of a callback.
@safe
struct HeaderLine {
    private let bytes: UnsafeRawBufferPointer

    init(_ bytes: UnsafeRawBufferPointer) {
        var end = bytes.count
        while end > 0, unsafe bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
        unsafe self.bytes = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<end])
    }

    var isEmpty: Bool { unsafe bytes.isEmpty }

    /// The three digits of `HTTP/1.1 200 OK` or `HTTP/2 200`; nil for any other line.
    var status: Int? {
        guard unsafe bytes.count >= 5, unsafe bytes[0] == UInt8(ascii: "H"), unsafe bytes[4] == UInt8(ascii: "/"),
            let space = unsafe bytes.firstIndex(of: 0x20), unsafe space + 3 < bytes.count
        else { return nil }
        var status = 0
        for index in space + 1...space + 3 {
            guard let digit = unsafe bytes[index].decimalDigit else { return nil }
            status = status * 10 + digit
        }
        return status
    }

    /// Adds the line's field; a line without a colon is none.
    func append(to headers: inout HeaderFields) {
        guard let colon = unsafe bytes.firstIndex(of: UInt8(ascii: ":")) else { return }
        var start = colon + 1
        while unsafe start < bytes.count, unsafe bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
        unsafe headers.append(
            UnsafeRawBufferPointer(rebasing: bytes[..<colon]).bytes,
            UnsafeRawBufferPointer(rebasing: bytes[start...]).bytes)
    }
}

extension UInt8 {
    fileprivate var decimalDigit: Int? {
        (48...57).contains(self) ? Int(self) - 48 : nil
    }
}
