// One parameter of the query of a return.
#pragma once

#include <stripe_return/export.hpp>

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

struct query_parameter {
  enum class presence : unsigned char { absent, once, repeated, array };
  presence found = presence::absent;
  std::string_view encoded; // where it is there once
};

// `query` is what parse_return_query() takes.
STRIPE_RETURN_EXPORT query_parameter find_query_parameter(std::string_view query,
                                                          std::string_view name) noexcept;

// Once, as browsers encode: https://url.spec.whatwg.org/#application/x-www-form-urlencoded
STRIPE_RETURN_EXPORT std::string percent_decoded(std::string_view encoded);

} // namespace v0
} // namespace stripe_return
