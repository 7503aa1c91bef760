// An order as `order` and `list` print it.
#pragma once

#include <stripe_return/core/time.hpp>
#include <stripe_return/fulfillment/fulfillment_store.hpp>

#include <nlohmann/json.hpp>

#include <vector>

namespace program {

// What has to happen before the order goes on, in one word: customer, stripe, checkout,
// expectation, run_due, lease, retry, person, or nothing.
const char* waits_for(const stripe_return::order_record& order, stripe_return::unix_seconds now);

nlohmann::ordered_json order_json(const stripe_return::order_record& order,
                                  stripe_return::unix_seconds now);
nlohmann::ordered_json history_json(const std::vector<stripe_return::history_entry>& history);

} // namespace program
