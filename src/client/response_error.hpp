// What an answer of Stripe's says besides its body.
#pragma once

#include <stripe_return/client/transport.hpp>
#include <stripe_return/core/time.hpp>

#include <optional>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

// The header's value, or "" when it is not there. `name` is in lower case.
std::string_view header(const http_response& response, std::string_view name) noexcept;

// The time of the `Date` header.
std::optional<unix_seconds> date_of(const http_response& response);

// Stripe's `Request-Id` if it looks like one.
std::string request_id_of(const http_response& response);

// The error that any status but 200 stands for.
error error_from(const http_response& response);

// The same where the application chose the idempotency key: Stripe repeats a failure under the same
// one.
error error_from_attempt(const http_response& response);

// Says of which answer the error tells.
error with_context(error failure, const http_response& response);

} // namespace v0
} // namespace stripe_return
