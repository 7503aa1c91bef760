// What an SQLSTATE means to a store: https://www.postgresql.org/docs/current/errcodes-appendix.html
#pragma once

#include <stripe_return/core/error.hpp>

#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

// The last one in a message of libpq that was told to say it (PQERRORS_SQLSTATE or
// PQERRORS_VERBOSE): "FATAL:  28P01", or "ERROR:  40001: could not". "" if there is none.
std::string_view sqlstate_in(std::string_view message) noexcept;

// The transaction was undone because of another one, and may succeed when it is made again.
bool was_in_the_way(std::string_view sqlstate) noexcept;
// A constraint that is checked by COMMIT does not hold.
bool breaks_a_constraint(std::string_view sqlstate) noexcept;

// "" where the server said nothing: the connection broke, or no answer came in time.
error error_of(std::string_view sqlstate);

} // namespace postgres
} // namespace v0
} // namespace stripe_return
