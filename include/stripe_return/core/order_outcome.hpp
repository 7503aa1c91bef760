/// @file
/// What a session means for the order it names.
#pragma once

#include <stripe_return/export.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// The order's state, as far as this one session tells.
enum class order_state : unsigned char {
  paid,                ///< the money is in the shop's account
  no_payment_required, ///< complete, with nothing to pay now
  processing,          ///< the customer is done; the money is on its way, for minutes or for days
  failed,              ///< a delayed payment failed
  awaiting_payment,    ///< the customer has not paid yet and still can
  expired,             ///< nobody paid in time
  undetermined,        ///< Stripe's answer makes no sense to this library: ask again
  needs_review,        ///< a person must look
  foreign,             ///< another system's in the same Stripe account: nothing to do
};

/// Why, in machine words. The words are stable; new ones may appear.
enum class reason : unsigned char {
  account_mismatch,        ///< the session belongs to another account than expected
  amount_mismatch,         ///< the amount is not the order's
  amount_not_checked,      ///< the expected order leaves the amount open
  amount_not_zero,         ///< nothing to pay, says Stripe, for an order that costs something
  ask_again,               ///< two of Stripe's words contradict each other in passing
  async_payment_failed,    ///< a delayed payment failed
  capture_required,        ///< authorized only: the shop must capture it
  currency_mismatch,       ///< the order may not be paid in this currency
  customer_action_pending, ///< the customer still has to act, as with a voucher
  duplicate_payment,       ///< a second session of the order is paid: refund one
  expired_but_paid,        ///< two of Stripe's words contradict each other for good
  expiry_not_confirmed,    ///< past `expires_at`, but Stripe still says open
  fulfill_gave_up,         ///< the application's own function said that it cannot fulfill the order
  livemode_mismatch,       ///< a test session for a live order, or the reverse
  local_clock,             ///< the time is the machine's own, not Stripe's
  mode_mismatch,           ///< payment, setup or subscription: another one than expected
  money_may_have_moved,    ///< the PaymentIntent says more than the session does
  not_checked_against_order,    ///< no expected order was given
  order_not_expected,           ///< the session names an order that nobody expects
  out_trade_no_conflict,        ///< the session names two order numbers
  out_trade_no_mismatch,        ///< the session names another order
  out_trade_no_missing,         ///< the session names no order
  paid_after_close,             ///< the application had closed the order: refund it, or accept it
  partially_captured,           ///< less was captured than authorized, and the rest let go
  payment_disputed,             ///< the customer's bank wants the money back
  payment_intent_canceled,      ///< the payment was canceled or its authorization ran out
  payment_intent_not_permitted, ///< the secret key may not read PaymentIntents
  payment_refunded,             ///< all or part of the money was given back
  release_gave_up,              ///< the application said that it cannot give the stock back
  session_id_missing,           ///< the session has no id, as Stripe's always have
  session_not_found,            ///< Stripe has no such session any more
  session_not_issued,           ///< the session is none of those made for the order
  setup_not_expected,           ///< a setup session, and no expected order asks for one
  setup_paid,                   ///< paid in setup mode, which never takes money
  shop_mismatch,                ///< the session does not name this shop
  unrecognized_mode,            ///< `mode` is missing or new
  unrecognized_payment_status,  ///< `payment_status` is missing or new
  unrecognized_status,          ///< `status` is missing or new
};

/// What to do next.
enum class next_step : unsigned char {
  fulfill,      ///< hand the order over, once
  wait,         ///< Stripe will send a word; until then there is nothing to do
  ask_again,    ///< fetch the session again
  resume,       ///< let the customer go on in this session
  new_checkout, ///< let the customer begin again in a new session
  recover,      ///< let the customer begin again by the session's recovery URL
  contact_shop, ///< a person must look
  none,         ///< nothing
};

/// Whether the customer may be invited to pay (again).
enum class pay_again : unsigned char { yes, no, unknown };

STRIPE_RETURN_EXPORT std::string_view to_string(order_state state) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(reason why) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(next_step step) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(pay_again answer) noexcept;

/// The answer. Made by decide() alone; copies freely; has no personal data in it.
class STRIPE_RETURN_EXPORT order_outcome {
public:
  order_state state() const noexcept { return state_; }
  /// No need to poll this session any more. A later word is still heard: paid always counts.
  bool final() const noexcept { return final_; }
  /// The order number that the session itself names; empty when it names none. Of two that
  /// disagree, which is a case for review, the one in the session's own metadata.
  const std::string& out_trade_no() const noexcept { return out_trade_no_; }

  /// Whether the order `out_trade_no` may be handed over now. False for every other order, so the
  /// question cannot be asked without saying which order is about to be fulfilled. Fulfilling once
  /// is the caller's part.
  bool may_fulfill(std::string_view out_trade_no) const noexcept;
  /// Whether the stock held for the order may be released.
  bool may_release() const noexcept { return may_release_; }
  /// Never `yes` where money may have moved; each page must obey it.
  stripe_return::pay_again pay_again() const noexcept { return pay_again_; }
  stripe_return::next_step next_step() const noexcept { return next_step_; }
  /// False when undetermined, and when expired by a clock alone; Stripe's word otherwise.
  bool confirmed_by_stripe() const noexcept { return confirmed_; }

  bool has(reason why) const noexcept { return (reasons_ >> static_cast<unsigned>(why) & 1U) != 0; }
  /// Sorted by their words, each once.
  std::vector<reason> reasons() const;
  /// A copy with one more reason, for what only the caller knows. Nothing else changes.
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
