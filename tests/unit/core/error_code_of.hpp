#pragma once

#include <stripe_return/core/result.hpp>

#include "printing.hpp"

#include <optional>

// Nothing for a value, so that one EXPECT_EQ says both "it failed" and "how".
template <class T>
std::optional<stripe_return::error_code> error_code_of(const stripe_return::result<T>& outcome) {
  if (outcome) return std::nullopt;
  return outcome.error().code;
}
