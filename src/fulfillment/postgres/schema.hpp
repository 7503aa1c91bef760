// The tables, and which version of them the database has.
#pragma once

#include "fulfillment/postgres/connection.hpp"

#include <stripe_return/core/error.hpp>

#include <optional>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace postgres {

// Makes the tables where there are none. However many do so at once, one does it.
std::optional<error> bring_up_to_date(connection& on, const std::string& schema);

} // namespace postgres
} // namespace v0
} // namespace stripe_return
