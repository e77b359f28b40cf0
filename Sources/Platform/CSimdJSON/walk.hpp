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
    walk(csimdjson_scanner &scanner, const uint8_t *bytes, size_t length, uint32_t maximum_depth, bool whole_tree)
        : scanner(scanner), bytes(bytes), length(length), positions(scanner.stage->structural_indexes.get()),
          count(scanner.stage->n_structural_indexes), maximum_depth(maximum_depth),
          listed_depth(whole_tree ? UINT32_MAX : 1) {}

    int run() {
        expectation next = expectation::value;
        for (uint32_t i = 0; i < count; i++) {
            start = positions[i];
            end = i + 1 < count ? positions[i + 1] : length;
            int code = step(next);
            if (code != csimdjson_ok) {
                scanner.error_offset = fault;
                return code;
            }
        }
        if (next == expectation::nothing) { return csimdjson_ok; }
        scanner.error_offset = length;
        return csimdjson_invalid;
    }

private:
    enum class expectation { value, first_value, first_key, key, colon, comma, nothing };

    csimdjson_scanner &scanner;
    const uint8_t *bytes;
    size_t length;
    const uint32_t *positions;
    uint32_t count;
    uint32_t maximum_depth;
    uint32_t listed_depth;
    uint32_t depth = 0;
    size_t start = 0;
    size_t end = 0;
    size_t fault = 0;
    /// The first backslash at or after the last string read, so that all searches together pass the text once.
    size_t backslash = 0;
    bool backslash_known = false;
    csimdjson_node pending{};

    int step(expectation &next) {
        fault = start;
        uint8_t byte = bytes[start];
        switch (next) {
        case expectation::first_value:
            if (byte == ']') { return close(next); }
            return value(next);
        case expectation::value:
            return value(next);
        case expectation::first_key:
            if (byte == '}') { return close(next); }
            return key(next);
        case expectation::key:
            return key(next);
        case expectation::colon:
            if (byte != ':') { return csimdjson_invalid; }
            next = expectation::value;
            return csimdjson_ok;
        case expectation::comma:
            return comma_or_close(next);
        case expectation::nothing:
            return csimdjson_trailing;
        }
        return csimdjson_invalid;
    }

    int key(expectation &next) {
        if (bytes[start] != '"' || !string(pending.key_has_escapes)) { return csimdjson_invalid; }
        pending.key_start = uint32_t(start + 1);
        pending.key_end = uint32_t(end - 1);
        next = expectation::colon;
        return csimdjson_ok;
    }

    int comma_or_close(expectation &next) {
        bool is_object = scanner.levels.elements[depth - 1].is_object;
        uint8_t byte = bytes[start];
        if (byte == ',') {
            next = is_object ? expectation::key : expectation::value;
            return csimdjson_ok;
        }
        if (byte == (is_object ? '}' : ']')) { return close(next); }
        return csimdjson_invalid;
    }

    int value(expectation &next) {
        switch (bytes[start]) {
        case '{':
            return open(next, true);
        case '[':
            return open(next, false);
        case '"':
            if (!string(pending.has_escapes)) { return csimdjson_invalid; }
            return scalar(next, csimdjson_string);
        case 't':
            return atom("true", 4) ? scalar(next, csimdjson_true) : int(csimdjson_invalid);
        case 'f':
            return atom("false", 5) ? scalar(next, csimdjson_false) : int(csimdjson_invalid);
        case 'n':
            return atom("null", 4) ? scalar(next, csimdjson_null) : int(csimdjson_invalid);
        default:
            trim();
            return is_number(bytes + start, bytes + end) ? scalar(next, csimdjson_number) : int(csimdjson_invalid);
        }
    }

    bool atom(const char *text, size_t size) {
        trim();
        return end - start == size && std::memcmp(bytes + start, text, size) == 0;
    }

    int scalar(expectation &next, csimdjson_kind kind) {
        uint32_t ignored;
        if (!list(kind, ignored)) { return csimdjson_no_memory; }
        next = depth == 0 ? expectation::nothing : expectation::comma;
        return csimdjson_ok;
    }

    int open(expectation &next, bool is_object) {
        if (depth == maximum_depth) { return csimdjson_too_deep; }
        level opened{not_listed, is_object};
        if (!list(is_object ? csimdjson_object : csimdjson_array, opened.node)) { return csimdjson_no_memory; }
        if (!scanner.levels.reserve(size_t(depth) + 1)) { return csimdjson_no_memory; }
        scanner.levels.elements[depth++] = opened;
        next = is_object ? expectation::first_key : expectation::first_value;
        return csimdjson_ok;
    }

    int close(expectation &next) {
        level closed = scanner.levels.elements[--depth];
        if (closed.node != not_listed) { scanner.nodes.elements[closed.node].end = uint32_t(start + 1); }
        next = depth == 0 ? expectation::nothing : expectation::comma;
        return csimdjson_ok;
    }

    bool list(csimdjson_kind kind, uint32_t &place) {
        if (depth <= listed_depth) {
            if (!scanner.nodes.reserve(scanner.node_count + 1)) { return false; }
            if (depth > 0) { scanner.nodes.elements[scanner.levels.elements[depth - 1].node].count++; }
            place = uint32_t(scanner.node_count++);
            pending.kind = kind;
            pending.start = uint32_t(start);
            pending.end = uint32_t(end);
            scanner.nodes.elements[place] = pending;
        }
        pending = csimdjson_node{};
        return true;
    }

    void trim() {
        while (end > start + 1 && is_space(bytes[end - 1])) { end--; }
    }

    /// Checks the escapes of the string at hand; a lone surrogate is allowed, as the grammar allows it.
    bool string(bool &has_escapes) {
        trim();
        if (end < start + 2 || bytes[end - 1] != '"') { return false; }
        if (!backslash_known || backslash <= start) { find_backslash(start + 1); }
        size_t quote = end - 1;
        has_escapes = backslash < quote;
        while (backslash < quote) {
            fault = backslash;
            uint8_t byte = bytes[backslash + 1];
            if (byte == 'u') {
                if (quote - backslash < 6) { return false; }
                for (size_t i = 2; i < 6; i++) {
                    if (!is_hex(bytes[backslash + i])) { return false; }
                }
                find_backslash(backslash + 6);
            } else if (byte != 0 && std::strchr("\"\\/bfnrt", byte)) {
                find_backslash(backslash + 2);
            } else {
                return false;
            }
        }
        fault = start;
        return true;
    }

    void find_backslash(size_t from) {
        const void *found = from < length ? std::memchr(bytes + from, '\\', length - from) : nullptr;
        backslash = found ? size_t(static_cast<const uint8_t *>(found) - bytes) : length;
        backslash_known = true;
    }
};

}  // namespace csimdjson
