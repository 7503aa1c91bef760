// Where the orders are kept.
#pragma once

#include <stripe_return/orders/order_store.hpp>

#include <memory>
#include <string>

// `sqlite:PATH`, `postgres:CONNINFO` or `memory:`. Empty: an SQLite file that goes with the store.
// Throws std::invalid_argument for anything else.
std::shared_ptr<stripe_return::order_store> make_store(const std::string& url);
