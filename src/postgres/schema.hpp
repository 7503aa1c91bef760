// The tables, and which version of them the database has.
#pragma once

#include "postgres/connection.hpp"

#include <string>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

// Makes the tables where there are none. However many do so at once, one does it. Throws as
// connection::run() does.
void migrate(connection& on, const std::string& schema);

} // namespace postgres
} // namespace v0
} // namespace stripe_return
