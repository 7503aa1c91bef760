// What is sent to make a Checkout Session.
#pragma once

#include <stripe_return/client/checkout_parameters.hpp>
#include <stripe_return/core/result.hpp>

#include <string>

namespace stripe_return {
inline namespace v0 {

struct checkout_form {
  std::string text;            // the body
  std::string idempotency_key; // of the order number and the attempt, 255 bytes at most
};

// Errors: invalid_option, whose message names the parameter.
result<checkout_form> make_checkout_form(const checkout_parameters& parameters);

} // namespace v0
} // namespace stripe_return
