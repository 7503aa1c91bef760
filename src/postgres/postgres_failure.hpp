// What an SQLSTATE means to a store: https://www.postgresql.org/docs/current/errcodes-appendix.html
#pragma once

#include <stripe_return/core/error.hpp>

#include <exception>
#include <string>
#include <string_view>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

// The last one in a message of libpq that was set to name it (PQERRORS_SQLSTATE or
// PQERRORS_VERBOSE): "FATAL:  28P01", or "ERROR:  40001: could not". "" if there is none.
std::string_view sqlstate_in(std::string_view message) noexcept;

// The transaction was undone because of a concurrent one, and may succeed when it is repeated.
bool is_serialization_failure(std::string_view sqlstate) noexcept;
// The same of a statement of the store's own, where a concurrent one may have taken an id.
bool conflicts_with_another(std::string_view sqlstate) noexcept;

// Thrown inside of the store alone.
class postgres_failure : public std::exception {
public:
  // "" where the server sent none: the connection broke, or no result came in time.
  explicit postgres_failure(std::string_view sqlstate);
  explicit postgres_failure(error what) : what_(std::move(what)) {}

  error take() noexcept { return std::move(what_); } // which needs no memory
  const std::string& sqlstate() const noexcept { return sqlstate_; }
  // One that is checked by COMMIT does not hold.
  bool breaks_a_constraint() const noexcept { return sqlstate_.compare(0, 2, "23") == 0; }

private:
  error what_;
  std::string sqlstate_;
};

} // namespace postgres
} // namespace v0
} // namespace stripe_return
