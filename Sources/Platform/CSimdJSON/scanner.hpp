#pragma once

#include "CSimdJSON.h"

#include <simdjson.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace csimdjson {

/// An array or object that is open at some point of a walk.
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

}  // namespace csimdjson

struct csimdjson_scanner {
    size_t maximum_bytes = 0;
    std::unique_ptr<simdjson::internal::dom_parser_implementation> stage;
    csimdjson::buffer<csimdjson_node> nodes;
    csimdjson::buffer<csimdjson::level> levels;
    size_t node_count = 0;
    size_t error_offset = SIZE_MAX;
};
