/// @file
/// order_outcome: what a session means for its order.
#pragma once

#include <stripe_return/export.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// The state of the order, as far as this one session shows it.
enum class order_state : unsigned char {
  paid,                ///< paid: the money is in the shop's account
  no_payment_required, ///< the session is complete, and there is nothing to pay now
  processing,          ///< the customer has finished, but the payment takes minutes or days
  failed,              ///< a delayed payment failed
  awaiting_payment,    ///< the customer has not paid yet, but still can
  expired,             ///< the session expired without a payment
  undetermined,        ///< Stripe's response could not be interpreted: fetch the session again
  needs_review,        ///< a person must look at the payment
  foreign,             ///< belongs to another system in the same Stripe account: do nothing
};

/// Why an outcome is what it is. The names that to_string() returns are stable; later versions may
/// add reasons.
enum class reason : unsigned char {
  account_mismatch,        ///< the session belongs to another account than expected
  amount_mismatch,         ///< the amount is not the order's
  amount_not_checked,      ///< the expected order does not restrict the amount
  amount_not_zero,         ///< Stripe says that no payment is required, but the amount is not 0
  ask_again,               ///< two of Stripe's values contradict each other for the moment
  async_payment_failed,    ///< a delayed payment failed
  capture_required,        ///< the payment is only authorized: the shop must capture it
  currency_mismatch,       ///< the order may not be paid in this currency
  customer_action_pending, ///< the customer still has to act, for example to pay a voucher
  duplicate_payment,       ///< a second session of the order is paid: refund one of them
  expired_but_paid,        ///< two of Stripe's values contradict each other permanently
  expiry_not_confirmed,    ///< `expires_at` has passed, but Stripe still says open
  fulfill_gave_up,         ///< the application's handler reported that it cannot fulfill the order
  livemode_mismatch,       ///< a test session for a live order, or the reverse
  local_clock,             ///< the time is from the machine's clock, not from Stripe's
  mode_mismatch,           ///< the mode (payment, setup or subscription) is not the expected one
  money_may_have_moved,    ///< the PaymentIntent shows money that the session does not show yet
  not_checked_against_order, ///< no expected order was given
  order_not_expected,        ///< the session names an order that the application has not registered
  out_trade_no_conflict,     ///< the session names two order numbers
  out_trade_no_mismatch,     ///< the session names another order
  out_trade_no_missing,      ///< the session names no order
  paid_after_close,   ///< the order was closed before it was paid: refund or accept the payment
  partially_captured, ///< less was captured than authorized, and the rest was released
  payment_disputed,   ///< the customer disputed the charge with their bank
  payment_intent_canceled,      ///< the payment was canceled, or its authorization expired
  payment_intent_not_permitted, ///< the secret key may not read PaymentIntents
  payment_refunded,             ///< the payment was refunded, in full or in part
  release_gave_up,    ///< the application's handler reported that it cannot release the stock
  session_id_missing, ///< the session has no id, which Stripe's sessions always have
  session_not_found,  ///< Stripe no longer has this session
  session_not_issued, ///< the session was not created for this order
  setup_not_expected, ///< a setup session, but no expected order requires one
  setup_paid,         ///< paid in setup mode, which never takes money
  shop_mismatch,      ///< the session does not name this shop
  unrecognized_mode,  ///< `mode` is missing or unknown
  unrecognized_payment_status, ///< `payment_status` is missing or unknown
  unrecognized_status,         ///< `status` is missing or unknown
};

/// What the application should do next.
enum class next_step : unsigned char {
  fulfill,      ///< fulfill the order, once
  wait,         ///< wait: Stripe will report a change
  ask_again,    ///< fetch the session again
  resume,       ///< let the customer continue in this session
  new_checkout, ///< let the customer start again in a new session
  recover,      ///< let the customer start again with the session's recovery URL
  contact_shop, ///< a person must look at the payment
  none,         ///< nothing
};

/// Whether the application may invite the customer to pay, or to pay again.
enum class pay_again : unsigned char { yes, no, unknown };

STRIPE_RETURN_EXPORT std::string_view to_string(order_state state) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(reason why) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(next_step step) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(pay_again answer) noexcept;

/// What a session means for its order. Only decide() and decide_unchecked() make outcomes. An
/// outcome can be copied and contains no personal data.
class STRIPE_RETURN_EXPORT order_outcome {
public:
  /// Returns the state of the order.
  order_state state() const noexcept { return state_; }
  /// Returns whether polling this session can stop. A later report must still be processed: a
  /// payment always counts.
  bool final() const noexcept { return final_; }
  /// Returns the order number that the session itself names; empty if it names none. If it names
  /// two, which needs a review, this is the first one that order_number_of() finds.
  const std::string& out_trade_no() const noexcept { return out_trade_no_; }

  /// Returns whether the order `out_trade_no` may be fulfilled now. It returns false for every
  /// other order, so the caller has to say which order it is about to fulfill. The caller must make
  /// sure that it fulfills the order only once.
  bool may_fulfill(std::string_view out_trade_no) const noexcept;
  /// Returns whether the stock that is reserved for the order may be released.
  bool may_release() const noexcept { return may_release_; }
  /// Returns whether the customer may pay again: never `yes` if money may have moved. Every page
  /// must obey it.
  stripe_return::pay_again pay_again() const noexcept { return pay_again_; }
  /// Returns what to do next.
  stripe_return::next_step next_step() const noexcept { return next_step_; }
  /// Returns whether Stripe itself reported this state. False if it is undetermined, or expired
  /// only by a clock.
  bool confirmed_by_stripe() const noexcept { return confirmed_; }

  /// Returns whether the outcome has this reason.
  bool has(reason why) const noexcept { return (reasons_ >> static_cast<unsigned>(why) & 1U) != 0; }
  /// Returns all reasons, sorted by name, each once.
  std::vector<reason> reasons() const;
  /// Returns a copy with one more reason that only the caller knows. Nothing else changes.
  order_outcome with(reason why) const;

private:
  friend class decision;
  order_outcome() = default;

  std::string out_trade_no_;
  std::uint64_t reasons_ = 0;
  order_state state_ = order_state::undetermined;
  stripe_return::next_step next_step_ = next_step::ask_again;
  stripe_return::pay_again pay_again_ = pay_again::unknown;
  bool final_ = false;
  bool confirmed_ = false;
  bool fulfillable_ = false;
  bool may_release_ = false;
};

} // namespace v0
} // namespace stripe_return
