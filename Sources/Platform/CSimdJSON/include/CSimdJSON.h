#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Finds where the values of a JSON text lie. Stage 1 of simdjson (UTF-8, strings, structure) does the
/// heavy work; a walk over what it found checks the grammar of RFC 8259 and notes the ranges.
/// No exception leaves this interface; every outcome is a code.
typedef struct csimdjson_scanner csimdjson_scanner;

enum csimdjson_code {
    csimdjson_ok = 0,
    csimdjson_empty = 1,
    csimdjson_not_utf8 = 2,
    csimdjson_too_deep = 3,
    csimdjson_invalid = 4,
    csimdjson_trailing = 5,
    csimdjson_too_large = 6,
    csimdjson_no_memory = 7,
};

enum csimdjson_kind {
    csimdjson_null = 0,
    csimdjson_true = 1,
    csimdjson_false = 2,
    csimdjson_number = 3,
    csimdjson_string = 4,
    csimdjson_array = 5,
    csimdjson_object = 6,
};

/// One value. Offsets count from the first byte given to `csimdjson_scan`; ends are exclusive.
typedef struct {
    /// The raw key between its quotes; zero and zero when the value is not a member of an object.
    uint32_t key_start;
    uint32_t key_end;
    /// The value with its quotes, brackets or braces.
    uint32_t start;
    uint32_t end;
    /// How many children were listed, for arrays and objects.
    uint32_t count;
    uint8_t kind;
    bool key_has_escapes;
    /// Only told of strings.
    bool has_escapes;
} csimdjson_node;

/// NULL when there is no memory.
csimdjson_scanner *csimdjson_create(size_t maximum_bytes);
void csimdjson_destroy(csimdjson_scanner *scanner);

/// Checks the whole text and lists its root, then in pre-order all that lies in at most `listed_depth` arrays and
/// objects. The bytes need no padding. `maximum_depth` counts open arrays and objects.
int csimdjson_scan(
    csimdjson_scanner *scanner, const uint8_t *bytes, size_t length, uint32_t maximum_depth, uint32_t listed_depth);

/// What the last scan listed, until the next scan or `csimdjson_release`.
const csimdjson_node *csimdjson_nodes(const csimdjson_scanner *scanner);
size_t csimdjson_node_count(const csimdjson_scanner *scanner);

/// Where the last failed scan saw the fault, or SIZE_MAX when that is not known.
size_t csimdjson_error_offset(const csimdjson_scanner *scanner);

/// Call after reading the nodes: buffers that grew for a large text are given back.
void csimdjson_release(csimdjson_scanner *scanner);

#ifdef __cplusplus
}
#endif
