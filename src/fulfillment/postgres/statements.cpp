#include "fulfillment/postgres/statements.hpp"

#include "fulfillment/postgres/stored_text.hpp"

#include <algorithm>
#include <limits>

namespace stripe_return {
inline namespace v0 {
namespace postgres {
namespace {

// One statement changes the order, its sessions and its history: one transaction in one round trip.
// $1 is the order's number, $2 the version that it gets.
constexpr std::string_view add_order = R"(WITH changed AS (
  INSERT INTO @.orders (out_trade_no, version, record, claimable_at, ask_at, due_since,
                        leased_until, in_review)
  VALUES ($1::text, $2::bigint, $3, $4, $5, $6, $7, $8)
  ON CONFLICT DO NOTHING
  RETURNING out_trade_no))";

constexpr std::string_view replace_order = R"(WITH changed AS (
  UPDATE @.orders
  SET version = $2::bigint, record = $3, claimable_at = $4, ask_at = $5, due_since = $6,
      leased_until = $7, in_review = $8
  WHERE out_trade_no = $1::text AND version = $2::bigint - 1
  RETURNING out_trade_no))";

constexpr std::string_view and_the_rest = R"(, heard AS (
  INSERT INTO @.sessions (session_id, out_trade_no)
  SELECT session_id, out_trade_no FROM changed, unnest($9::text[]) AS session_id
  ON CONFLICT DO NOTHING
), noted AS (
  INSERT INTO @.history (out_trade_no, version, at, who, what, session_id, event_id, reasons, note)
  SELECT out_trade_no, $2::bigint, $10, $11, $12, $13, $14, $15, $16 FROM changed
)
SELECT count(*) FROM changed)";

constexpr std::string_view move_a_cursor = R"(WITH moved AS (
  UPDATE @.cursors SET position = $3 WHERE name = $1::text AND position = $2::text RETURNING name
), begun AS (
  INSERT INTO @.cursors (name, position)
  SELECT $1::text, $3 WHERE $2::text = '' AND NOT EXISTS (SELECT FROM moved)
  ON CONFLICT DO NOTHING
  RETURNING name
)
SELECT (SELECT count(*) FROM moved) + (SELECT count(*) FROM begun))";

constexpr std::string_view standing_now = R"(SELECT
  (SELECT count(*) FROM @.orders WHERE due_since IS NOT NULL),
  (SELECT min(due_since) FROM @.orders),
  (SELECT count(*) FROM @.orders WHERE leased_until <= $1),
  (SELECT count(*) FROM @.orders WHERE in_review),
  (SELECT count(*) FROM @.orders WHERE ask_at <= $1))";

std::string text_of(statement which) {
  switch (which) {
  case statement::add: return std::string(add_order).append(and_the_rest);
  case statement::replace: return std::string(replace_order).append(and_the_rest);
  case statement::find: return "SELECT record FROM @.orders WHERE out_trade_no = $1";
  case statement::order_of: return "SELECT out_trade_no FROM @.sessions WHERE session_id = $1";
  case statement::due:
    return "SELECT out_trade_no FROM @.orders WHERE claimable_at <= $1 "
           "ORDER BY claimable_at, out_trade_no LIMIT $2";
  case statement::to_ask:
    return "SELECT out_trade_no FROM @.orders WHERE ask_at <= $1 "
           "ORDER BY ask_at, out_trade_no LIMIT $2";
  case statement::in_review:
    return "SELECT out_trade_no FROM @.orders WHERE in_review AND out_trade_no > $1 "
           "ORDER BY out_trade_no LIMIT $2";
  case statement::history:
    return "SELECT at, who, what, session_id, event_id, reasons, note FROM @.history "
           "WHERE out_trade_no = $1 ORDER BY version";
  case statement::standing: return std::string(standing_now);
  case statement::cursor: return "SELECT position FROM @.cursors WHERE name = $1";
  case statement::move_cursor: return std::string(move_a_cursor);
  }
  return {};
}

} // namespace

std::string quoted(std::string_view name) {
  std::string text = "\"";
  for (const char c : name) {
    if (c == '"') text += '"';
    text += c;
  }
  return text + '"';
}

std::string with_schema(std::string_view text, const std::string& quoted_schema) {
  std::string filled;
  for (const char c : text) {
    if (c == '@')
      filled += quoted_schema;
    else
      filled += c;
  }
  return filled;
}

statement_texts texts_for(const std::string& schema) {
  statement_texts texts;
  for (std::size_t i = 0; i != statement_count; ++i)
    texts[i] = with_schema(text_of(static_cast<statement>(i)), quoted(schema));
  return texts;
}

parameters& parameters::text(std::string_view bytes) {
  values_.emplace_back(stored_text(bytes));
  return *this;
}

parameters& parameters::number(std::optional<std::int64_t> value) {
  if (value)
    values_.emplace_back(std::to_string(*value));
  else
    values_.emplace_back();
  return *this;
}

// As PostgreSQL reads an array: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
parameters& parameters::texts(const std::vector<std::string>& all) {
  std::string array = "{";
  for (const std::string& each : all) {
    array += array.size() == 1 ? "\"" : ",\"";
    for (const char c : stored_text(each)) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  }
  values_.emplace_back(array + "}");
  return *this;
}

parameters& parameters::limit(std::size_t rows) {
  constexpr auto most = static_cast<std::size_t>(std::numeric_limits<std::int64_t>::max());
  return number(static_cast<std::int64_t>(std::min(rows, most)));
}

parameters of_change(const order_record& order, const history_entry& entry) {
  const order_index keys = index_of(order);
  std::vector<std::string> sessions;
  for (const session_record& each : order.sessions)
    sessions.push_back(each.id);
  // Of two transactions with the same new sessions, neither waits for the other in turn.
  std::sort(sessions.begin(), sessions.end());
  parameters values;
  values.text(order.out_trade_no).number(static_cast<std::int64_t>(order.version));
  values.text(to_text(order)).number(keys.claimable_at).number(keys.ask_at).number(keys.due_since);
  values.number(keys.leased_until).text(keys.in_review ? "t" : "f").texts(sessions);
  values.number(entry.at).text(entry.who).text(entry.what).text(entry.session_id);
  values.text(entry.event_id).text(to_text(entry.reasons)).text(entry.note);
  return values;
}

} // namespace postgres
} // namespace v0
} // namespace stripe_return
