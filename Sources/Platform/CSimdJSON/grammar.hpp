#pragma once

#include <cstddef>
#include <cstdint>

namespace csimdjson {

inline bool is_space(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }
inline bool is_digit(uint8_t byte) { return byte >= '0' && byte <= '9'; }

inline bool is_hex(uint8_t byte) {
    return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

inline bool is_number(const uint8_t *at, const uint8_t *end) {
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
inline size_t string_fault(const uint8_t *bytes, size_t length) {
    size_t opened = SIZE_MAX;
    for (size_t i = 0; i < length; i++) {
        if (opened == SIZE_MAX) {
            if (bytes[i] == '"') { opened = i; }
        } else if (bytes[i] == '\\') {
            // A control character is the fault even behind a backslash.
            if (i + 1 < length && bytes[i + 1] >= 0x20) { i++; }
        } else if (bytes[i] == '"') {
            opened = SIZE_MAX;
        } else if (bytes[i] < 0x20) {
            return i;
        }
    }
    return opened;
}

}  // namespace csimdjson
