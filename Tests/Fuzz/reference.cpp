#include "reference.h"

#include <simdjson.h>

#include <string>
#include <string_view>
#include <vector>

using namespace simdjson;

static dom::parser parser(1 << 24);
static dom::parser value_parser(1 << 24);
static std::vector<dom::key_value_pair> members;

/// Whether some number may be beyond 64 bits: only then is a fault in a number left to be judged.
static bool may_be_too_large(const uint8_t *bytes, size_t length) {
    size_t digits = 0;
    for (size_t i = 0; i < length; i++) {
        if ((bytes[i] | 0x20) == 'e') { return true; }
        digits = bytes[i] >= '0' && bytes[i] <= '9' ? digits + 1 : 0;
        if (digits >= 19) { return true; }
    }
    return false;
}

/// Whether there may be a lone surrogate: only then is a fault in a string left to be judged.
static bool may_have_surrogate(const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i + 3 < length; i++) {
        bool is_escape = bytes[i] == '\\' && bytes[i + 1] == 'u';
        if (is_escape && (bytes[i + 2] | 0x20) == 'd' && bytes[i + 3] >= '8') { return true; }
    }
    return false;
}

reference_verdict reference_parse(const uint8_t *bytes, size_t length, size_t maximum_depth) {
    members.clear();
    // The DOM's limit is one more than the levels it takes.
    if (parser.allocate(length + 1, maximum_depth + 1) != SUCCESS) { return reference_cannot_say; }
    dom::element root;
    error_code error = parser.parse(bytes, length).get(root);
    if (error == NUMBER_ERROR && may_be_too_large(bytes, length)) { return reference_cannot_say; }
    if (error == STRING_ERROR && may_have_surrogate(bytes, length)) { return reference_cannot_say; }
    if (error) { return reference_invalid; }
    dom::object object;
    if (root.get(object) == SUCCESS) {
        for (auto member : object) { members.push_back(member); }
    }
    return reference_valid;
}

size_t reference_count(void) { return members.size(); }

bool reference_key_is(size_t position, const uint8_t *key, size_t length) {
    return members[position].key == std::string_view(reinterpret_cast<const char *>(key), length);
}

bool reference_value_is(size_t position, const uint8_t *text, size_t length) {
    dom::element value;
    if (value_parser.parse(text, length).get(value)) { return false; }
    return to_string(value) == to_string(members[position].value);
}
