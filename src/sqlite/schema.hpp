// The store's tables in a file that may be the application's.
#pragma once

#include "sqlite/sqlite_connection.hpp"

#include <cstdint>

namespace stripe_return {
inline namespace v0 {

// Of the tables that this version of the library makes and reads.
extern const std::int64_t schema_version;

// Makes what is not there yet, and sets what each connection is to have.
void prepare_file(sqlite_connection& connection);

// That no newer library has changed the tables meanwhile.
void check_schema(sqlite_connection& connection);

} // namespace v0
} // namespace stripe_return
