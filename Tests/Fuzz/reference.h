#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// simdjson's own DOM, as a second opinion on what a text means.
enum reference_verdict {
    reference_valid,
    reference_invalid,
    /// Valid but for a number beyond 64 bits or an escape that is no character, which the DOM refuses.
    reference_cannot_say,
};

enum reference_verdict reference_parse(const uint8_t *bytes, size_t length, size_t maximum_depth);
/// How many members the object of the last parse has; zero when it is something else.
size_t reference_count(void);
/// Whether member `position` has this decoded key.
bool reference_key_is(size_t position, const uint8_t *key, size_t length);
/// Whether this text means the same as the value of member `position`.
bool reference_value_is(size_t position, const uint8_t *text, size_t length);

#ifdef __cplusplus
}
#endif
