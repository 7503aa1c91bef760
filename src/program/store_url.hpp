// The store that the command line names.
#pragma once

#include <stripe_return/orders/order_store.hpp>

#include <memory>
#include <string>

namespace program {

// `sqlite:PATH` of a file that is there, or `postgres:CONNINFO` and what libpq takes for a URI.
// Errors: invalid_option, unreadable_file.
stripe_return::result<std::unique_ptr<stripe_return::order_store>>
open_store(const std::string& url);

} // namespace program
