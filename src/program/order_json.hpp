// Orders as the program prints them. Each time of ours stands there twice: `x_at` in seconds since
// 1970, and `x_at_utc` for people.
#pragma once

#include <stripe_return/core/order_naming.hpp>
#include <stripe_return/orders/order_service.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace program {

// All that is kept of an order, or of a payment without one, but its history.
nlohmann::ordered_json order_json(const stripe_return::order_record& order,
                                  const stripe_return::order_service& orders,
                                  const stripe_return::order_naming& naming);
nlohmann::ordered_json history_json(const std::vector<stripe_return::history_entry>& history);
// The review items of a payment without an order, each with the number that the payment names.
nlohmann::ordered_json unmatched_items_json(const stripe_return::order_record& unmatched,
                                            const stripe_return::order_naming& naming);
// What is still to be given back.
nlohmann::ordered_json to_give_back_json(const stripe_return::order_record& order);
nlohmann::ordered_json stats_json(const stripe_return::order_stats& stats);

} // namespace program
