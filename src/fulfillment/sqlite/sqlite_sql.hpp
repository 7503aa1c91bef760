// Every statement on the store's tables.
#pragma once

#include <cstddef>

namespace stripe_return {
inline namespace v0 {

enum class sqlite_sql : unsigned char {
  begin,
  commit,
  user_version,
  add,
  replace,
  add_history,
  add_session,
  find,
  order_of,
  due,
  to_ask,
  in_review,
  history,
  standing,
  cursor,
  begin_cursor,
  move_cursor,
};
inline constexpr std::size_t sqlite_sql_count =
    static_cast<std::size_t>(sqlite_sql::move_cursor) + 1;

const char* text_of(sqlite_sql which) noexcept;

} // namespace v0
} // namespace stripe_return
