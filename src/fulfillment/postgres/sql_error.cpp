#include "fulfillment/postgres/sql_error.hpp"

#include <algorithm>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace postgres {
namespace {

bool in_class(std::string_view sqlstate, std::string_view first_two) noexcept {
  return sqlstate.substr(0, 2) == first_two;
}

// The server is trusted with the orders, not with what gets into a log.
bool well_formed(std::string_view sqlstate) noexcept {
  return sqlstate.size() == 5 && std::all_of(sqlstate.begin(), sqlstate.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

error unavailable(std::string what, std::string_view sqlstate) {
  if (well_formed(sqlstate)) what += " (SQLSTATE " + std::string(sqlstate) + ")";
  return {error_code::store_unavailable, what + "."};
}

} // namespace

std::string_view sqlstate_in(std::string_view message) noexcept {
  constexpr std::string_view before = ":  ";
  for (std::size_t at = message.rfind(before); at != message.npos;) {
    const std::string_view word = message.substr(at + before.size(), 5);
    const std::string_view rest = message.substr(at + before.size() + word.size(), 1);
    if (well_formed(word) && (rest.empty() || rest == "\n" || rest == ":")) return word;
    at = at == 0 ? message.npos : message.rfind(before, at - 1);
  }
  return {};
}

bool was_in_the_way(std::string_view sqlstate) noexcept {
  return sqlstate == "40001" || sqlstate == "40P01";
}

bool breaks_a_constraint(std::string_view sqlstate) noexcept {
  return in_class(sqlstate, "23");
}

error error_of(std::string_view sqlstate) {
  if (sqlstate.empty())
    return unavailable("The connection to PostgreSQL broke, or no answer came in time: try again",
                       {});
  if (sqlstate == "57014" || sqlstate == "55P03")
    return unavailable("PostgreSQL did not finish in time: look for locks held long", sqlstate);
  if (sqlstate == "25006")
    return unavailable(
        "This PostgreSQL server only reads, as a standby does: name the primary in conninfo",
        sqlstate);
  if (sqlstate == "42501")
    return unavailable("PostgreSQL refuses its user a right: grant it", sqlstate);
  if (in_class(sqlstate, "28") || sqlstate == "3D000")
    return unavailable(
        "PostgreSQL refuses the user, the password or the database: look at conninfo", sqlstate);
  if (in_class(sqlstate, "53"))
    return unavailable("PostgreSQL lacks disk space, memory or connections: give it more",
                       sqlstate);
  if (in_class(sqlstate, "57"))
    return unavailable("PostgreSQL stops or starts: try again", sqlstate);
  if (was_in_the_way(sqlstate))
    return unavailable("Other transactions were in the way time and again: try again later",
                       sqlstate);
  if (in_class(sqlstate, "XX") || in_class(sqlstate, "42") || sqlstate == "3F000") {
    error corrupt = unavailable("The tables of orders in PostgreSQL are damaged: restore them from "
                                "a backup",
                                sqlstate);
    corrupt.code = error_code::store_corrupt;
    return corrupt;
  }
  return unavailable("PostgreSQL refuses a statement: its log says why", sqlstate);
}

} // namespace postgres
} // namespace v0
} // namespace stripe_return
