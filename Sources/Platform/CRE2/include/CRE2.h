#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled regular expression of RE2. It never changes after it was made, and threads may share it: what RE2
/// caches while it matches is behind RE2's own lock.
/// No exception leaves this interface; every outcome is a code.
typedef struct cre2_pattern cre2_pattern;

enum cre2_code {
    cre2_ok = 0,
    /// The grammar is broken, or asks for what RE2 does not have (backreferences, looking around).
    cre2_syntax = 1,
    /// The program would be larger than the memory allows.
    cre2_too_large = 2,
    cre2_no_memory = 3,
};

/// Compiles a text of RE2's grammar, in UTF-8. NULL unless `*code` is `cre2_ok`; then the caller destroys it.
/// `maximum_memory` bounds the program and what is cached while it runs, in bytes.
cre2_pattern *cre2_create(const uint8_t *text, size_t length, int64_t maximum_memory, int *code);
void cre2_destroy(cre2_pattern *pattern);

/// How large the compiled program is, in RE2's own unit, which grows with the memory it needs.
int cre2_program_size(const cre2_pattern *pattern);

enum cre2_outcome {
    cre2_none = 0,
    cre2_found = 1,
    /// There was no memory to look.
    cre2_failed = 2,
};

/// Whether there is a match anywhere in `bytes`. Faster than `cre2_find`, as it stops where that is known.
int cre2_matches(const cre2_pattern *pattern, const uint8_t *bytes, size_t length);

/// The first match that begins at or after `from`. Offsets count from the first byte; the end is exclusive.
/// What stands before `from` counts as context: `\b` and `^` look at it.
int cre2_find(
    const cre2_pattern *pattern, const uint8_t *bytes, size_t length, size_t from, size_t *start, size_t *end);

#ifdef __cplusplus
}
#endif
