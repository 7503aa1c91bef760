// The way through checkout and back.
#pragma once

#include "shop.hpp"

#include <httplib.h>

void add_customer_routes(httplib::Server& server, shop& shop);

// Stripe's own way to the shop.
void add_webhook_route(httplib::Server& server, shop& shop);
