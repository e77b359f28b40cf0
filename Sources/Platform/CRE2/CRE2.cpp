#include "CRE2.h"

#include <re2/re2.h>

#include <new>

struct cre2_pattern {
    const RE2 expression;

    cre2_pattern(const re2::StringPiece &text, const RE2::Options &options) : expression(text, options) {}
};

namespace {

re2::StringPiece piece(const uint8_t *bytes, size_t length) {
    return re2::StringPiece(length == 0 ? "" : reinterpret_cast<const char *>(bytes), length);
}

int code_of(const RE2 &expression) {
    switch (expression.error_code()) {
    case RE2::NoError:
        return cre2_ok;
    case RE2::ErrorPatternTooLarge:
        return cre2_too_large;
    default:
        return cre2_syntax;
    }
}

int find(const RE2 &expression, const re2::StringPiece &text, size_t from, re2::StringPiece *match, int matches) {
    if (from > text.size()) { return cre2_none; }
    try {
        bool found = expression.Match(text, from, text.size(), RE2::UNANCHORED, match, matches);
        return found ? cre2_found : cre2_none;
    } catch (...) {
        return cre2_failed;
    }
}

}  // namespace

cre2_pattern *cre2_create(const uint8_t *text, size_t length, int64_t maximum_memory, int *code) {
    *code = cre2_no_memory;
    try {
        RE2::Options options;
        options.set_log_errors(false);
        // Nobody asks what a group matched, and groups make a program larger.
        options.set_never_capture(true);
        options.set_max_mem(maximum_memory);
        auto made = new (std::nothrow) cre2_pattern(piece(text, length), options);
        if (!made) { return nullptr; }
        *code = code_of(made->expression);
        if (*code == cre2_ok) { return made; }
        delete made;
    } catch (...) {
        *code = cre2_no_memory;
    }
    return nullptr;
}

void cre2_destroy(cre2_pattern *pattern) { delete pattern; }

int cre2_program_size(const cre2_pattern *pattern) { return pattern->expression.ProgramSize(); }

int cre2_matches(const cre2_pattern *pattern, const uint8_t *bytes, size_t length) {
    return find(pattern->expression, piece(bytes, length), 0, nullptr, 0);
}

int cre2_find(
    const cre2_pattern *pattern, const uint8_t *bytes, size_t length, size_t from, size_t *start, size_t *end) {
    re2::StringPiece text = piece(bytes, length);
    re2::StringPiece match;
    int outcome = find(pattern->expression, text, from, &match, 1);
    if (outcome == cre2_found) {
        *start = size_t(match.data() - text.data());
        *end = *start + match.size();
    }
    return outcome;
}
