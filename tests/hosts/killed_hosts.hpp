// Hosts that are killed at random, and what they must have left behind.
#pragma once

#include <stripe_return/fulfillment/fulfillment_store.hpp>

#include <functional>
#include <memory>
#include <string>

// Two hundred times `kill -9` of one of three hosts that share the store STORE_URL. `open` opens it
// for this process. Expects that each paid order was then fulfilled once.
void expect_orders_survive_killed_hosts(
    const std::string& store_url,
    const std::function<std::unique_ptr<stripe_return::fulfillment_store>()>& open);
