// The shopkeeper's way to the orders.
#pragma once

#include "shop.hpp"

#include <httplib.h>

void add_shopkeeper_routes(httplib::Server& server, shop& shop);
