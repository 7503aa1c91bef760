// What an SQLSTATE means to a store: https://www.postgresql.org/docs/current/errcodes-appendix.html
#pragma once

#include <stripe_return/core/error.hpp>

#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

// The transaction was undone because of another one, and may succeed when it is made again.
bool was_in_the_way(std::string_view sqlstate) noexcept;
// A constraint that is checked by COMMIT does not hold.
bool breaks_a_constraint(std::string_view sqlstate) noexcept;

// "" where the server said nothing: the connection broke, or no answer came in time.
error error_of(std::string_view sqlstate);

} // namespace postgres
} // namespace v0
} // namespace stripe_return
