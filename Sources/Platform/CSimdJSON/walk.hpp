#pragma once

#include "grammar.hpp"
#include "scanner.hpp"

#include <cstring>

namespace csimdjson {

constexpr uint32_t not_listed = UINT32_MAX;

/// Walks the positions stage 1 found: every `{}[]:,` outside strings and the first byte of every scalar. Between
/// the end of a scalar and the next position there is only white space.
class walk {
public:
    walk(csimdjson_scanner &scanner, const uint8_t *bytes, size_t length, uint32_t maximum_depth, uint32_t listed_depth)
        : scanner(scanner), bytes(bytes), length(length), maximum_depth(maximum_depth),
          listed_depth(listed_depth), positions(scanner.stage->structural_indexes.get()),
          end_of_positions(positions + scanner.stage->n_structural_indexes), backslash(backslash_from(0)) {}

    /// The states of the grammar are places in the code; held in a variable they took twice as long.
    int run() {
        if (!take()) { return cut_off(); }
    value:
        switch (bytes[start]) {
        case '{':
            if (int code = open(csimdjson_object)) { return fail(code); }
            if (!take()) { return cut_off(); }
            if (bytes[start] == '}') { goto close; }
            goto key;
        case '[':
            if (int code = open(csimdjson_array)) { return fail(code); }
            if (!take()) { return cut_off(); }
            if (bytes[start] == ']') { goto close; }
            goto value;
        default:
            if (int code = scalar()) { return fail(code); }
        }
    after_value:
        if (depth == 0) { return take() ? fail(csimdjson_trailing) : int(csimdjson_ok); }
        if (!take()) { return cut_off(); }
        if (inner.is_object) {
            if (bytes[start] == '}') { goto close; }
            if (bytes[start] != ',') { return fail(csimdjson_invalid); }
            if (!take()) { return cut_off(); }
            goto key;
        }
        if (bytes[start] == ']') { goto close; }
        if (bytes[start] != ',') { return fail(csimdjson_invalid); }
        if (!take()) { return cut_off(); }
        goto value;
    key:
        if (bytes[start] != '"' || !string(key_has_escapes)) { return fail(csimdjson_invalid); }
        key_start = uint32_t(start + 1);
        key_end = uint32_t(end - 1);
        if (!take()) { return cut_off(); }
        if (bytes[start] != ':') { return fail(csimdjson_invalid); }
        if (!take()) { return cut_off(); }
        goto value;
    close:
        close();
        goto after_value;
    }

private:
    csimdjson_scanner &scanner;
    const uint8_t *const bytes;
    const size_t length;
    const uint32_t maximum_depth;
    const uint32_t listed_depth;
    const uint32_t *positions;
    const uint32_t *const end_of_positions;
    /// The first backslash not yet looked at. All searches together pass the text once; there is never one behind the
    /// walk, as outside of strings it is a fault that ends the walk.
    size_t backslash;
    size_t fault = 0;
    /// The token at hand; its end is known once it was found to be a scalar.
    size_t start = 0;
    size_t end = 0;
    uint32_t depth = 0;
    level inner{not_listed, false};
    uint32_t key_start = 0;
    uint32_t key_end = 0;
    bool key_has_escapes = false;

    bool take() {
        if (positions == end_of_positions) { return false; }
        start = fault = *positions++;
        return true;
    }

    int cut_off() {
        scanner.error_offset = length;
        return csimdjson_invalid;
    }

    int fail(int code) {
        scanner.error_offset = fault;
        return code;
    }

    int scalar() {
        bool has_escapes = false;
        csimdjson_kind kind = csimdjson_number;
        if (bytes[start] == '"') {
            if (!string(has_escapes)) { return csimdjson_invalid; }
            kind = csimdjson_string;
        } else {
            find_end();
            const uint8_t *text = bytes + start;
            size_t size = end - start;
            if (size == 4 && std::memcmp(text, "null", 4) == 0) {
                kind = csimdjson_null;
            } else if (size == 4 && std::memcmp(text, "true", 4) == 0) {
                kind = csimdjson_true;
            } else if (size == 5 && std::memcmp(text, "false", 5) == 0) {
                kind = csimdjson_false;
            } else if (!is_number(text, text + size)) {
                return csimdjson_invalid;
            }
        }
        uint32_t ignored;
        return list(kind, has_escapes, ignored) ? csimdjson_ok : csimdjson_no_memory;
    }

    int open(csimdjson_kind kind) {
        if (depth == maximum_depth) { return csimdjson_too_deep; }
        level opened{not_listed, kind == csimdjson_object};
        if (!list(kind, false, opened.node)) { return csimdjson_no_memory; }
        if (!scanner.levels.reserve(size_t(depth) + 1)) { return csimdjson_no_memory; }
        scanner.levels.elements[depth++] = inner;
        inner = opened;
        return csimdjson_ok;
    }

    void close() {
        if (inner.node != not_listed) { scanner.nodes.elements[inner.node].end = uint32_t(start + 1); }
        inner = scanner.levels.elements[--depth];
    }

    bool list(csimdjson_kind kind, bool has_escapes, uint32_t &place) {
        if (depth > listed_depth) { return true; }
        if (!scanner.nodes.reserve(scanner.node_count + 1)) { return false; }
        place = uint32_t(scanner.node_count++);
        csimdjson_node &node = scanner.nodes.elements[place];
        node = csimdjson_node{0, 0, uint32_t(start), uint32_t(end), 0, uint8_t(kind), false, has_escapes};
        if (depth > 0) { scanner.nodes.elements[inner.node].count++; }
        if (inner.is_object) {
            node.key_start = key_start;
            node.key_end = key_end;
            node.key_has_escapes = key_has_escapes;
        }
        return true;
    }

    void find_end() {
        end = positions == end_of_positions ? length : *positions;
        while (end > start + 1 && is_space(bytes[end - 1])) { end--; }
    }

    /// Checks the escapes of the string at hand; a lone surrogate is allowed, as the grammar allows it.
    bool string(bool &has_escapes) {
        find_end();
        if (end < start + 2 || bytes[end - 1] != '"') { return false; }
        size_t quote = end - 1;
        has_escapes = backslash < quote;
        return !has_escapes || escapes(quote);
    }

    bool escapes(size_t quote) {
        while (backslash < quote) {
            fault = backslash;
            uint8_t byte = bytes[backslash + 1];
            size_t size = 2;
            if (byte == 'u') {
                // Ends at the closing quote at the latest, which is no hex digit.
                while (size < 6 && is_hex(bytes[backslash + size])) { size++; }
                if (size < 6) { return false; }
            } else if (byte == 0 || !std::strchr("\"\\/bfnrt", byte)) {
                return false;
            }
            backslash = backslash_from(backslash + size);
        }
        return true;
    }

    size_t backslash_from(size_t place) const {
        const void *found = place < length ? std::memchr(bytes + place, '\\', length - place) : nullptr;
        return found ? size_t(static_cast<const uint8_t *>(found) - bytes) : length;
    }
};

}  // namespace csimdjson
