// One change of an order: the record as it is to be, and the line of history that tells of it.
#pragma once

#include "orders/conclusions.hpp"

#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace orders {

struct step {
  order_record order;
  history_entry entry;
};

// A copy of the order with the next version, to be changed and then to be ended.
step begin_step(const order_record& order, const circumstances& at, std::string who,
                history_action action, std::string session_id = {});
// Draws the conclusions from what was changed.
step end_step(step changed, const circumstances& at);

// The change as a store takes it. Ids that `before` had are not given again.
order_change change_of(const step& changed, const order_record& before);

} // namespace orders
} // namespace v0
} // namespace stripe_return
