#include "CSimdJSON.h"

#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

namespace {

/// Buffers for texts up to this size are kept from scan to scan.
constexpr size_t kept_bytes = size_t(1) << 20;
constexpr size_t kept_nodes = size_t(1) << 15;
constexpr size_t first_capacity = size_t(1) << 14;
constexpr uint32_t not_listed = UINT32_MAX;

struct level {
    uint32_t node;
    bool is_object;
};

/// A malloc'ed array that reports lack of memory instead of throwing.
template <typename Element>
struct buffer {
    Element *elements = nullptr;
    size_t capacity = 0;

    ~buffer() { std::free(elements); }

    bool reserve(size_t wanted) {
        if (wanted <= capacity) { return true; }
        size_t grown = std::max(wanted, capacity * 2);
        void *moved = std::realloc(elements, grown * sizeof(Element));
        if (!moved) { return false; }
        elements = static_cast<Element *>(moved);
        capacity = grown;
        return true;
    }

    void release() {
        std::free(elements);
        elements = nullptr;
        capacity = 0;
    }
};

bool is_space(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }
bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

bool is_hex(uint8_t byte) {
    return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

bool is_number(const uint8_t *at, const uint8_t *end) {
    if (at < end && *at == '-') { at++; }
    if (at == end || !is_digit(*at)) { return false; }
    if (*at == '0') {
        at++;
    } else {
        while (at < end && is_digit(*at)) { at++; }
    }
    if (at < end && *at == '.') {
        const uint8_t *first = ++at;
        while (at < end && is_digit(*at)) { at++; }
        if (at == first) { return false; }
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        if (at < end && (*at == '+' || *at == '-')) { at++; }
        const uint8_t *first = at;
        while (at < end && is_digit(*at)) { at++; }
        if (at == first) { return false; }
    }
    return at == end;
}

/// Stage 1 only says that a string never ends or holds a control character; this says where.
size_t string_fault(const uint8_t *bytes, size_t length) {
    size_t opened = SIZE_MAX;
    for (size_t i = 0; i < length; i++) {
        if (opened == SIZE_MAX) {
            if (bytes[i] == '"') { opened = i; }
        } else if (bytes[i] == '\\') {
            i++;
        } else if (bytes[i] == '"') {
            opened = SIZE_MAX;
        } else if (bytes[i] < 0x20) {
            return i;
        }
    }
    return opened;
}

}  // namespace

struct csimdjson_scanner {
    size_t maximum_bytes = 0;
    std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;
    buffer<csimdjson_node> nodes;
    buffer<level> levels;
    size_t node_count = 0;
    size_t error_offset = SIZE_MAX;
};

namespace {

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
            while (end > start + 1 && is_space(bytes[end - 1])) { end--; }
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
            return is_number(bytes + start, bytes + end) ? scalar(next, csimdjson_number) : int(csimdjson_invalid);
        }
    }

    bool atom(const char *text, size_t size) const {
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

    /// Checks the escapes of the string at hand; a lone surrogate is allowed, as the grammar allows it.
    bool string(bool &has_escapes) {
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

int stage_one(csimdjson_scanner &scanner, const uint8_t *bytes, size_t length) {
    size_t capacity = scanner.stage->capacity();
    if (length > capacity) {
        size_t wanted = std::min(std::max(length, capacity * 2), scanner.maximum_bytes);
        if (scanner.stage->set_capacity(wanted) != simdjson::SUCCESS) { return csimdjson_no_memory; }
    }
    switch (scanner.stage->stage1(bytes, length, simdjson::stage1_mode::regular)) {
    case simdjson::SUCCESS:
        return csimdjson_ok;
    case simdjson::EMPTY:
        return csimdjson_empty;
    case simdjson::UTF8_ERROR:
        return csimdjson_not_utf8;
    case simdjson::UNCLOSED_STRING:
    case simdjson::UNESCAPED_CHARS:
        scanner.error_offset = string_fault(bytes, length);
        return csimdjson_invalid;
    default:
        return csimdjson_invalid;
    }
}

}  // namespace

csimdjson_scanner *csimdjson_create(size_t maximum_bytes) {
    auto scanner = new (std::nothrow) csimdjson_scanner;
    if (!scanner) { return nullptr; }
    // Positions are 32 bits wide.
    scanner->maximum_bytes = std::min<size_t>(maximum_bytes, UINT32_MAX - 64);
    auto made = simdjson::get_active_implementation()->create_dom_parser_implementation(
        std::min(first_capacity, scanner->maximum_bytes), 1, scanner->stage);
    if (made == simdjson::SUCCESS) { return scanner; }
    delete scanner;
    return nullptr;
}

void csimdjson_destroy(csimdjson_scanner *scanner) { delete scanner; }

int csimdjson_scan(
    csimdjson_scanner *scanner, const uint8_t *bytes, size_t length, uint32_t maximum_depth, bool whole_tree) {
    scanner->node_count = 0;
    scanner->error_offset = SIZE_MAX;
    if (length == 0) { return csimdjson_empty; }
    if (length > scanner->maximum_bytes) { return csimdjson_too_large; }
    int code = stage_one(*scanner, bytes, length);
    if (code != csimdjson_ok) { return code; }
    return walk(*scanner, bytes, length, maximum_depth, whole_tree).run();
}

const csimdjson_node *csimdjson_nodes(const csimdjson_scanner *scanner) { return scanner->nodes.elements; }

size_t csimdjson_node_count(const csimdjson_scanner *scanner) { return scanner->node_count; }

size_t csimdjson_error_offset(const csimdjson_scanner *scanner) { return scanner->error_offset; }

void csimdjson_release(csimdjson_scanner *scanner) {
    if (scanner->nodes.capacity > kept_nodes) {
        scanner->nodes.release();
        scanner->node_count = 0;
    }
    if (scanner->stage->capacity() > kept_bytes) {
        // If even the small buffer cannot be had, the capacity is zero and the next scan asks again.
        (void)scanner->stage->set_capacity(std::min(first_capacity, scanner->maximum_bytes));
    }
}
