#include "CSimdJSON.h"

#include "walk.hpp"

#include <new>

namespace {

/// Buffers for texts up to this size are kept from scan to scan.
constexpr size_t kept_bytes = size_t(1) << 20;
constexpr size_t kept_nodes = size_t(1) << 15;
constexpr size_t first_capacity = size_t(1) << 14;

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
        scanner.error_offset = csimdjson::string_fault(bytes, length);
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
    csimdjson_scanner *scanner, const uint8_t *bytes, size_t length, uint32_t maximum_depth, uint32_t listed_depth) {
    scanner->node_count = 0;
    scanner->error_offset = SIZE_MAX;
    if (length == 0) { return csimdjson_empty; }
    if (length > scanner->maximum_bytes) { return csimdjson_too_large; }
    int code = stage_one(*scanner, bytes, length);
    if (code != csimdjson_ok) { return code; }
    return csimdjson::walk(*scanner, bytes, length, maximum_depth, listed_depth).run();
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
