// The store's tables, and how a file comes by them.
#pragma once

#include "fulfillment/sqlite/sqlite_connection.hpp"

namespace stripe_return {
inline namespace v0 {

// "StRt", so that `file` and the store know whose the file is.
inline constexpr std::int64_t sqlite_application_id = 0x53745274;
// The version that this library knows: how many migrations it has.
extern const std::int64_t sqlite_schema_version;

// Makes a connection that was just opened ready: it is told how to work, and the file gets its
// tables where it has none or older ones. Several processes may do that at once.
void prepare_sqlite_file(sqlite_connection& connection);

// Throws where somebody has changed the tables since the connection was opened. In a transaction.
void check_sqlite_schema(sqlite_connection& connection);

} // namespace v0
} // namespace stripe_return
