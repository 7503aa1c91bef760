// The body of Stripe's refusals: https://docs.stripe.com/api/errors
#pragma once

#include <stripe_return/export.hpp>

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

// What is read of it.
struct error_body {
  std::string code;
  std::string type;
  std::string message;
  std::string param;
};

struct stripe_error {
  std::string code;               // a machine word, or empty
  bool idempotency_error = false; // by its type: it has no code
  bool other_mode = false;        // the object is there in test mode for a live key, or the reverse
  std::string_view param;         // one of Stripe's parameters, a constant, or empty
};

// Total: whatever a proxy in between may have sent. Nothing of the message is kept: that of a 401
// holds the key.
STRIPE_RETURN_EXPORT stripe_error parse_stripe_error(std::string_view body);

// Letters, digits, "_" and "-", at most 64 of them: such a text can be logged as it is.
STRIPE_RETURN_EXPORT bool is_machine_word(std::string_view text) noexcept;

} // namespace v0
} // namespace stripe_return
