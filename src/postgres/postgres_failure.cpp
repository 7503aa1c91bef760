#include "postgres/postgres_failure.hpp"

#include "core/ascii.hpp"

#include <algorithm>
#include <initializer_list>

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
           return is_digit(c) || (c >= 'A' && c <= 'Z');
         });
}

error error_of(std::string_view sqlstate) {
  const auto any_of = [&](std::initializer_list<std::string_view> states) {
    return std::any_of(states.begin(), states.end(), [&](std::string_view each) {
      return each.size() == 2 ? in_class(sqlstate, each) : sqlstate == each;
    });
  };
  const auto unavailable = [&](std::string what) {
    if (well_formed(sqlstate)) what += " (SQLSTATE " + std::string(sqlstate) + ")";
    return error{error_code::store_unavailable, what + "."};
  };
  if (sqlstate.empty())
    return unavailable("The connection to PostgreSQL broke, or no result came in time: try again");
  if (any_of({"42P05", "26000"}))
    return unavailable("A pooler gives each transaction another connection to PostgreSQL: have it "
                       "pool by session, or name the server itself in conninfo");
  if (any_of({"42P06", "42P07"}))
    return unavailable("Another process makes the tables of orders at this moment: try again");
  if (any_of({"57014", "55P03"}))
    return unavailable("PostgreSQL did not finish in time: look for locks that are held for long");
  if (any_of({"25006"}))
    return unavailable(
        "This PostgreSQL server is read-only, as a standby is: name the primary in conninfo");
  if (any_of({"42501"})) return unavailable("The PostgreSQL user lacks a privilege: grant it");
  if (any_of({"28", "3D000"}))
    return unavailable("PostgreSQL refuses the user, the password or the database: check conninfo");
  if (any_of({"53"}))
    return unavailable("PostgreSQL is out of disk space, memory or connections: give it more");
  if (any_of({"57"})) return unavailable("PostgreSQL is starting or shutting down: try again");
  if (is_serialization_failure(sqlstate))
    return unavailable("The transaction kept conflicting with others: try again later");
  if (any_of({"XX", "42", "3F000"})) {
    error corrupt = unavailable("The tables of orders in PostgreSQL are damaged: restore them from "
                                "a backup");
    corrupt.code = error_code::store_corrupt;
    return corrupt;
  }
  return unavailable("PostgreSQL refused a statement: see its log");
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

bool is_serialization_failure(std::string_view sqlstate) noexcept {
  return sqlstate == "40001" || sqlstate == "40P01";
}

bool conflicts_with_another(std::string_view sqlstate) noexcept {
  return is_serialization_failure(sqlstate) || sqlstate == "23505";
}

postgres_failure::postgres_failure(std::string_view sqlstate)
    : what_(error_of(sqlstate)), sqlstate_(sqlstate) {}

} // namespace postgres
} // namespace v0
} // namespace stripe_return
