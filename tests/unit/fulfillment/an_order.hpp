// An order of 4.00 yuan, and what Stripe says of its sessions.
#pragma once

#include "fulfillment/order_steps.hpp"

#include "unit/core/observed.hpp"
#include "unit/core/session_json.hpp"

#include <stripe_return/core/decide.hpp>

#include <string>

inline constexpr stripe_return::unix_seconds noon = 1774267200;

inline stripe_return::expected_order expected_order_a1() {
  stripe_return::expected_order expected;
  expected.out_trade_no = "A1";
  expected.amounts = {{400, "cny"}};
  return expected;
}

inline stripe_return::order_record order_a1() {
  stripe_return::order_record order;
  order.out_trade_no = "A1";
  order.expected = expected_order_a1();
  return order;
}

inline session_json session_of(const std::string& id, const std::string& status,
                               const std::string& payment_status) {
  return session_json().set("id", quoted(id)).words(status, payment_status);
}

/// That somebody told what the session says, held against the order's expectation.
inline stripe_return::heard_word word_of(const stripe_return::order_record& order,
                                         const session_json& session,
                                         const std::string& who = "webhook",
                                         stripe_return::unix_seconds at = noon) {
  const auto decoded = session.decoded();
  return {at, who, decoded.id,
          order.expected ? decide(observed(decoded, at), *order.expected)
                         : decide_unchecked(observed(decoded, at))};
}
