#include "reference.h"

#include <simdjson.h>

#include <string>
#include <string_view>
#include <vector>

using namespace simdjson;

static dom::parser parser(1 << 24);
static dom::parser value_parser(1 << 24);
static std::vector<dom::key_value_pair> members;

reference_verdict reference_parse(const uint8_t *bytes, size_t length, size_t maximum_depth) {
    members.clear();
    // The DOM's limit is one more than the levels it takes.
    if (parser.allocate(length + 1, maximum_depth + 1) != SUCCESS) { return reference_cannot_say; }
    dom::element root;
    error_code error = parser.parse(bytes, length).get(root);
    if (error == NUMBER_ERROR || error == STRING_ERROR) { return reference_cannot_say; }
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
