// The store that the processes of a shop share.
#pragma once

#include <stripe_return/orders/order_store.hpp>

#include <memory>
#include <string>

// `place` is a path, or how to connect: each store has a source of its own for this.
std::unique_ptr<stripe_return::order_store> open_shop_store(const std::string& place);
