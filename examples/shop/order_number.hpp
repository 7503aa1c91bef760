// What the shop calls an order.
#pragma once

#include <string>

// The day, and what nobody can guess: it stands in the order's address.
std::string make_order_number();
