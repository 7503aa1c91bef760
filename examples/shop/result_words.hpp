// What came of what the shopkeeper did.
#pragma once

#include "language.hpp"

#include <string_view>

// For a word of close_result, cancel_result, mark_result or resolve_result, and for those that the
// shop's own routes add. Empty for any other.
bilingual words_for_result(std::string_view word);
