import CSQLite

// Functions that SQL of one connection may call, from statements only, never from the schema. A null is answered with
// null without asking.

extension Database {
    /// Lets SQL call `name(value, number)`: a test of a text's or blob's bytes. The number is for telling tests apart.
    public func define(
        test name: StaticString, _ body: @escaping (_ bytes: Span<UInt8>, _ number: Int64) -> Bool
    ) throws(SQLiteError) {
        try define(name, Function { first, second in first.withBytes { body($0, second.number) } ? 1 : 0 })
    }

    /// Lets SQL call `name(value, number)`: a number for a number.
    public func define(
        map name: StaticString, _ body: @escaping (_ value: Int64, _ number: Int64) -> Int64
    ) throws(SQLiteError) {
        try define(name, Function { first, second in body(first.number, second.number) })
    }

    private func define(_ name: StaticString, _ function: Function) throws(SQLiteError) {
        let context = unsafe Unmanaged.passRetained(function)
        // SQLite frees the context itself when it refuses.
        let result = unsafe sqlite3_create_function_v2(
            handle, name.description, 2, SQLITE_UTF8 | SQLITE_DIRECTONLY, context.toOpaque(),
            { call, count, arguments in
                guard let call = unsafe call, let arguments = unsafe arguments, count == 2,
                    let first = unsafe arguments[0], let second = unsafe arguments[1],
                    let context = unsafe sqlite3_user_data(call)
                else { return }
                guard unsafe sqlite3_value_type(first) != SQLITE_NULL else {
                    unsafe sqlite3_result_null(call)
                    return
                }
                let function = unsafe Unmanaged<Function>.fromOpaque(context)
                let answer = unsafe function._withUnsafeGuaranteedRef { function in
                    unsafe function.body(Argument(first), Argument(second))
                }
                unsafe sqlite3_result_int64(call, answer)
            }, nil, nil,
            { context in
                if let context = unsafe context { unsafe Unmanaged<Function>.fromOpaque(context).release() }
            })
        try SQLiteError.check(result)
    }
}

private final class Function {
    let body: (borrowing Argument, borrowing Argument) -> Int64

    init(_ body: @escaping (borrowing Argument, borrowing Argument) -> Int64) {
        self.body = body
    }
}

/// A value handed to a function, good until the function returns.
@safe
private struct Argument: ~Copyable {
    private let value: OpaquePointer

    @unsafe
    init(_ value: OpaquePointer) {
        unsafe self.value = value
    }

    var number: Int64 { unsafe sqlite3_value_int64(value) }

    func withBytes<Answer>(_ body: (Span<UInt8>) -> Answer) -> Answer {
        let start = unsafe sqlite3_value_blob(value)?.assumingMemoryBound(to: UInt8.self)
        let count = Int(unsafe sqlite3_value_bytes(value))
        let buffer = unsafe UnsafeBufferPointer(start: start, count: start == nil ? 0 : count)
        return unsafe body(buffer.span)
    }
}
