#include <stripe_return/core/order_outcome.hpp>

namespace stripe_return {
inline namespace v0 {
namespace {

constexpr auto last_reason = reason::unrecognized_status;
static_assert(static_cast<unsigned>(last_reason) < 64, "a reason is a bit of order_outcome");

} // namespace

std::string_view to_string(order_state state) noexcept {
  switch (state) {
  case order_state::paid: return "paid";
  case order_state::no_payment_required: return "no_payment_required";
  case order_state::processing: return "processing";
  case order_state::failed: return "failed";
  case order_state::awaiting_payment: return "awaiting_payment";
  case order_state::expired: return "expired";
  case order_state::undetermined: return "undetermined";
  case order_state::needs_review: return "needs_review";
  case order_state::foreign: return "foreign";
  }
  return "undetermined";
}

std::string_view to_string(reason why) noexcept {
  switch (why) {
  case reason::account_mismatch: return "account_mismatch";
  case reason::amount_mismatch: return "amount_mismatch";
  case reason::amount_not_checked: return "amount_not_checked";
  case reason::amount_not_zero: return "amount_not_zero";
  case reason::ask_again: return "ask_again";
  case reason::async_payment_failed: return "async_payment_failed";
  case reason::capture_required: return "capture_required";
  case reason::currency_mismatch: return "currency_mismatch";
  case reason::customer_action_pending: return "customer_action_pending";
  case reason::duplicate_payment: return "duplicate_payment";
  case reason::expired_but_paid: return "expired_but_paid";
  case reason::expiry_not_confirmed: return "expiry_not_confirmed";
  case reason::fulfill_gave_up: return "fulfill_gave_up";
  case reason::livemode_mismatch: return "livemode_mismatch";
  case reason::local_clock: return "local_clock";
  case reason::mode_mismatch: return "mode_mismatch";
  case reason::money_may_have_moved: return "money_may_have_moved";
  case reason::not_checked_against_order: return "not_checked_against_order";
  case reason::order_not_expected: return "order_not_expected";
  case reason::out_trade_no_conflict: return "out_trade_no_conflict";
  case reason::out_trade_no_mismatch: return "out_trade_no_mismatch";
  case reason::out_trade_no_missing: return "out_trade_no_missing";
  case reason::paid_after_close: return "paid_after_close";
  case reason::partially_captured: return "partially_captured";
  case reason::payment_disputed: return "payment_disputed";
  case reason::payment_intent_canceled: return "payment_intent_canceled";
  case reason::payment_intent_not_permitted: return "payment_intent_not_permitted";
  case reason::payment_refunded: return "payment_refunded";
  case reason::release_gave_up: return "release_gave_up";
  case reason::session_id_missing: return "session_id_missing";
  case reason::session_not_found: return "session_not_found";
  case reason::session_not_issued: return "session_not_issued";
  case reason::setup_not_expected: return "setup_not_expected";
  case reason::setup_paid: return "setup_paid";
  case reason::shop_mismatch: return "shop_mismatch";
  case reason::unrecognized_mode: return "unrecognized_mode";
  case reason::unrecognized_payment_status: return "unrecognized_payment_status";
  case reason::unrecognized_status: return "unrecognized_status";
  }
  return "unknown";
}

std::string_view to_string(next_step step) noexcept {
  switch (step) {
  case next_step::fulfill: return "fulfill";
  case next_step::wait: return "wait";
  case next_step::ask_again: return "ask_again";
  case next_step::resume: return "resume";
  case next_step::new_checkout: return "new_checkout";
  case next_step::recover: return "recover";
  case next_step::contact_shop: return "contact_shop";
  case next_step::none: return "none";
  }
  return "none";
}

std::string_view to_string(pay_again answer) noexcept {
  switch (answer) {
  case pay_again::yes: return "yes";
  case pay_again::no: return "no";
  case pay_again::unknown: return "unknown";
  }
  return "unknown";
}

bool order_outcome::may_fulfill(std::string_view out_trade_no) const noexcept {
  return fulfillable_ && !out_trade_no_.empty() && out_trade_no == out_trade_no_;
}

std::vector<reason> order_outcome::reasons() const {
  std::vector<reason> sorted;
  for (unsigned i = 0; i <= static_cast<unsigned>(last_reason); ++i) {
    if (has(static_cast<reason>(i))) sorted.push_back(static_cast<reason>(i));
  }
  return sorted;
}

order_outcome order_outcome::with(reason why) const {
  order_outcome copy = *this;
  copy.reasons_ |= std::uint64_t{1} << static_cast<unsigned>(why);
  return copy;
}

} // namespace v0
} // namespace stripe_return
