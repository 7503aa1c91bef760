// Lets GoogleTest print words instead of bytes.
#pragma once

#include <stripe_return/core/error.hpp>
#include <stripe_return/core/order_outcome.hpp>

#include <ostream>

namespace stripe_return {
inline namespace v0 {

inline void PrintTo(error_code code, std::ostream* out) {
  *out << to_string(code);
}
inline void PrintTo(order_state state, std::ostream* out) {
  *out << to_string(state);
}
inline void PrintTo(reason why, std::ostream* out) {
  *out << to_string(why);
}
inline void PrintTo(next_step step, std::ostream* out) {
  *out << to_string(step);
}
inline void PrintTo(pay_again answer, std::ostream* out) {
  *out << to_string(answer);
}

} // namespace v0
} // namespace stripe_return
