// Every statement on the store's tables.
#pragma once

#include <stripe_return/orders/order_store.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace sqlite_sql {

// A transaction that begins by reading cannot wait for another writer: what it has read would be
// old by then.
inline constexpr std::string_view begin = "BEGIN IMMEDIATE";
inline constexpr std::string_view commit = "COMMIT";
inline constexpr std::string_view has_schema =
    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'stripe_return_schema'";
inline constexpr std::string_view schema_version = "SELECT version FROM stripe_return_schema";
// Changes nothing where the id is another row's.
inline constexpr std::string_view take_id =
    "INSERT INTO stripe_return_order_ids (id, row_id) VALUES (?1, ?2)"
    " ON CONFLICT (id) DO UPDATE SET row_id = ?2 WHERE row_id = ?2";
inline constexpr std::string_view add_history =
    "INSERT INTO stripe_return_order_history (row_id, version, line) VALUES (?1, ?2, ?3)";
inline constexpr std::string_view history =
    "SELECT line FROM stripe_return_order_history WHERE row_id ="
    " (SELECT row_id FROM stripe_return_order_rows WHERE key = ?1) ORDER BY version";
inline constexpr std::string_view value = "SELECT value FROM stripe_return_values WHERE name = ?1";
inline constexpr std::string_view set_value =
    "INSERT INTO stripe_return_values (name, value) VALUES (?1, ?2)"
    " ON CONFLICT (name) DO UPDATE SET value = ?2";

// What a row is looked up by: stage, waits_for and a time for each list, in this order everywhere.
inline constexpr std::size_t index_columns = 2 + order_list_count;

// Of the schema's first version.
std::string tables();

// Key, version, the columns of the index, text.
inline constexpr std::string_view find =
    "SELECT key, version, stage, waits_for, all_at, waiting_at, task_at, poll_at, changed_at,"
    " review_at, to_give_back_at, text FROM stripe_return_order_rows WHERE key = ?1";
inline constexpr std::string_view find_by_id =
    "SELECT key, version, stage, waits_for, all_at, waiting_at, task_at, poll_at, changed_at,"
    " review_at, to_give_back_at, text FROM stripe_return_order_rows WHERE row_id ="
    " (SELECT row_id FROM stripe_return_order_ids WHERE id = ?1)";
// Until a time, behind a time and a key, at most so many; then stage and waits_for, where it is of
// these.
std::string list(order_list list, bool of_stage, bool of_waits_for);
inline constexpr std::string_view insert =
    "INSERT INTO stripe_return_order_rows (key, version, stage, waits_for, all_at, waiting_at,"
    " task_at, poll_at, changed_at, review_at, to_give_back_at, text)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";

// What a change needs of the row before it: row_id, version, the columns of the index.
inline constexpr std::string_view state =
    "SELECT row_id, version, stage, waits_for, all_at, waiting_at, task_at, poll_at, changed_at,"
    " review_at, to_give_back_at FROM stripe_return_order_rows WHERE key = ?1";
// The row_id, version, text; then those columns of the index whose bits are set, from the lowest
// on. The others' indexes are not touched.
std::string update(unsigned columns);

// Until a time: how many, and the first one's.
std::string stats(order_list list);

} // namespace sqlite_sql
} // namespace v0
} // namespace stripe_return
