internal import Glibc

/// The answer of a system call: what it returned, or the error number it left.
enum SystemResult<Value> {
    case value(Value)
    case failed(Int32)
}

/// Runs a system call until a signal no longer interrupts it.
///
/// Every call that can fail goes through here, so the error number is read before anything can change it.
func systemCall<Value: FixedWidthInteger & SignedInteger>(_ call: () -> Value) -> SystemResult<Value> {
    while true {
        let result = call()
        if result >= 0 { return .value(result) }
        let code = errno
        if code != EINTR { return .failed(code) }
    }
}

/// The system's words for an error number.
func systemErrorText(_ code: Int32) -> String {
    var text = [CChar](repeating: 0, count: 128)
    guard unsafe strerror_r(code, &text, text.count) == 0 else { return "error \(code)" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
