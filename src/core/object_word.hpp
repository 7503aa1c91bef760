// What a JSON document says it is.
#pragma once

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

// The text of the key `object`, or "". Reads the document into a tree: for use where it is wrong
// anyway.
std::string object_word(std::string_view json);

} // namespace v0
} // namespace stripe_return
