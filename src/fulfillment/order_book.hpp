// Changes orders in a store by the steps of order_steps.hpp, again where somebody else was faster.
#pragma once

#include "fulfillment/order_steps.hpp"

#include <stripe_return/core/observation.hpp>
#include <stripe_return/core/order_naming.hpp>
#include <stripe_return/core/order_outcome.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/fulfillment/fulfillment_store.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

struct changed_order {
  order_record record; // as it is in the store now
  bool changed = false;
};

class order_book {
public:
  order_book(fulfillment_store& store, order_naming naming);

  using step = std::function<order_step(const order_record&)>;
  // Nothing where there is no such order.
  result<std::optional<changed_order>> change(std::string_view out_trade_no, const step& take);

  // The same for an order that is kept if it is not yet.
  result<changed_order> change_or_add(std::string_view out_trade_no, const step& take);

  // Nothing for a session that names no order and belongs to none that is kept, and for one of
  // another shop.
  result<std::optional<changed_order>> hear(const observation& observed, std::string who,
                                            unix_seconds at);

  // By the session alone.
  order_outcome decide_unchecked(const observation& observed) const;

private:
  fulfillment_store& store_;
  order_naming naming_;
};

// 1 to 500 bytes without control characters: what Stripe's metadata can hold, and every
// store.
bool is_order_number(std::string_view text) noexcept;
// Of what did not come by Stripe's JSON, which is never anything else.
bool is_utf8(std::string_view text);

} // namespace v0
} // namespace stripe_return
