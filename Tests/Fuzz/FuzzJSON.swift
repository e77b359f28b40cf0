import CSimdJSON
import FuzzReference

// Built into one module with the sources of JSON, so that one compiler run instruments everything.

nonisolated(unsafe) private let scanner = JSONScanner()  // The fuzzer has one thread.
nonisolated(unsafe) private let handle = csimdjson_create(1 << 24)
private let maximumDepth = 64

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ data: UnsafePointer<UInt8>, _ size: Int) -> Int32 {
    // The fuzzer's buffer ends where its memory ends: reading on would be seen here.
    let code = csimdjson_scan(handle, data, size, UInt32(maximumDepth), UInt32.max)
    csimdjson_release(handle)
    let bytes = Array(UnsafeBufferPointer(start: data, count: size))
    let index = try? scanner.scan(bytes, maximumDepth: maximumDepth)
    let value = try? scanner.value(bytes, maximumDepth: maximumDepth)
    precondition((index != nil) == (code == 0) && (value != nil) == (code == 0), "scan and tree disagree")
    let verdict = reference_parse(data, size, maximumDepth)
    precondition(
        verdict == reference_cannot_say || (verdict == reference_valid) == (code == 0), "the DOM disagrees")
    guard let index, let value else { return 0 }
    checkFields(index, value, bytes)
    checkElements(index, value, bytes)
    if verdict == reference_valid { compareWithReference(index, bytes) }
    checkWriting(value, index, bytes)
    return 0
}

private func checkFields(_ index: JSONIndex, _ value: JSONValue, _ bytes: [UInt8]) {
    guard let object = value.objectValue else { return precondition(index.fields.isEmpty) }
    precondition(index.fields.count == object.count, "a field is missing")
    for (field, member) in zip(index.fields, object.members) {
        precondition(field.key(in: bytes).utf8.elementsEqual(member.key.utf8), "a key differs")
        precondition(field.isNamed(member.key, in: bytes) && index.count(named: member.key, in: bytes) > 0)
        let part = try? scanner.value(bytes, in: field.range, maximumDepth: maximumDepth)
        precondition(part == member.value, "a value differs")
        precondition((try? scanner.scan(bytes, in: field.range))?.range == field.range, "a range is not exact")
    }
}

private func checkElements(_ index: JSONIndex, _ value: JSONValue, _ bytes: [UInt8]) {
    guard let elements = value.arrayValue else { return precondition(index.elements.isEmpty) }
    precondition(index.elements.count == elements.count, "an element is missing")
    for (slice, element) in zip(index.elements, elements) {
        precondition((try? scanner.value(bytes, in: slice.range)) == element, "an element differs")
    }
}

private func compareWithReference(_ index: JSONIndex, _ bytes: [UInt8]) {
    precondition(reference_count() == index.fields.count, "the DOM sees other fields")
    for (position, field) in index.fields.enumerated() {
        let raw = Array(bytes[field.range])
        precondition(reference_value_is(position, raw, raw.count), "the DOM sees another value")
        // The DOM writes a lone low surrogate in bytes that are not UTF-8.
        let key = Array(field.key(in: bytes).utf8)
        precondition(
            reference_key_is(position, key, key.count) || field.key(in: bytes).unicodeScalars.contains("\u{FFFD}"),
            "the DOM sees another key")
    }
}

private func checkWriting(_ value: JSONValue, _ index: JSONIndex, _ bytes: [UInt8]) {
    precondition((try? scanner.value(value.serialized())) == value, "writing changes the tree")
    var patch = JSONPatch()
    patch.change(index, removing: { $0.keyRange.count % 2 == 0 }, adding: [.init("added", [0x31])])
    guard index.kind == .object else { return }
    let kept = index.fields.filter { $0.keyRange.count % 2 != 0 }
    let patched = try? scanner.value(patch.applied(to: bytes)).objectValue
    precondition(patched?.count == kept.count + 1 && patched?["added"] == 1, "a patch went wrong")
}
