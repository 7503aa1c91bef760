// Changes orders in a store by the steps of order_steps.hpp, again where somebody else was faster.
#pragma once

#include "fulfillment/order_steps.hpp"

#include <stripe_return/client/return_handler.hpp>
#include <stripe_return/core/event.hpp>
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

// What Stripe says of a session, and who brought it.
struct stripe_word {
  unix_seconds at = 0;
  std::string who;
  const checkout_session& session;
  bool just_asked = false;
  std::string event_id = {};
  // The session's outcome; null: the order is not known, or nobody expects it.
  std::function<order_outcome(const expected_order*)> decide;
};

class order_book {
public:
  order_book(fulfillment_store& store, const return_handler_options& names);

  using step = std::function<order_step(const order_record&)>;
  // Nothing where there is no such order.
  result<std::optional<changed_order>> change(std::string_view out_trade_no, const step& take);

  // The same for an order that is kept if it is not yet.
  result<changed_order> change_or_add(std::string_view out_trade_no, const step& take);

  // Nothing for a session that names no order and belongs to none that is kept.
  result<std::optional<changed_order>> hear(const stripe_word& word);

  stripe_word word_of(const fetched_session& fetched, std::string who,
                      bool async_payment_failed = false) const;
  stripe_word word_of(const event& event, unix_seconds now, std::string who) const;
  stripe_word word_of(const checkout_session& listed, unix_seconds now, std::string who) const;

private:
  fulfillment_store& store_;
  decide_options names_;
};

// 1 to 500 bytes without control characters: what Stripe's metadata can hold, and every
// store.
bool is_order_number(std::string_view text) noexcept;
// Of what did not come by Stripe's JSON, which is never anything else.
bool is_utf8(std::string_view text);

} // namespace v0
} // namespace stripe_return
