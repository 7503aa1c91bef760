// What a call ends with where there is not even the memory for an answer.
#pragma once

#include <stripe_return/core/error.hpp>

namespace stripe_return {
inline namespace v0 {

// So short that it needs none itself.
inline error no_memory() noexcept {
  return {error_code::transport_failed, "Out of memory."};
}

} // namespace v0
} // namespace stripe_return
