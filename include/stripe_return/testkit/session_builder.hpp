/// @file
/// Checkout Sessions, and the events about them, as Stripe would send them.
#pragma once

#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

/// Writes the JSON text of a Checkout Session with every field that Stripe's API sends in version
/// 2026-09-30.endive: https://docs.stripe.com/api/checkout/sessions/object. It begins as a hosted
/// session of 4.00 yuan in test mode that awaits payment and names no order.
///
///     session_builder().paid().amount(400, "cny").out_trade_no("1774256382025448500").json()
///
/// Each of its functions gives a changed copy; the last word counts. Text is UTF-8, and what is not
/// becomes U+FFFD.
class STRIPE_RETURN_EXPORT session_builder {
public:
  session_builder();

  /// @name The states, as Stripe documents them
  /// In each of them decide() finds the order state of that name.
  /// @{

  /// Open and unpaid. Nobody tried to pay, so that there is no PaymentIntent.
  session_builder awaiting_payment() const;
  /// Complete and paid.
  session_builder paid() const;
  /// Complete, with nothing to pay: the amount is 0, whatever amount() says.
  session_builder no_payment_required() const;
  /// Complete and unpaid: the customer is done, and a delayed payment is on its way.
  session_builder processing() const;
  /// The same, and the delayed payment has failed. No word of the session itself says so: its
  /// PaymentIntent, expanded, is at requires_payment_method, and the event is
  /// `checkout.session.async_payment_failed`.
  session_builder failed() const;
  /// Expired and unpaid, by Stripe's own word.
  session_builder expired() const;
  /// Complete in setup mode, which takes no money and has no amount: decide() finds
  /// order_state::no_payment_required.
  session_builder setup() const;
  /// @}

  /// Of a `cs_live_...` id the session is a live one.
  session_builder id(std::string_view session_id) const;
  /// Total and subtotal.
  session_builder amount(std::int64_t minor_units, std::string_view currency) const;
  /// `metadata.out_trade_no`.
  session_builder out_trade_no(std::string_view order) const;
  /// When the session began. It expires a day later.
  session_builder created(unix_seconds time) const;
  /// Expands the PaymentIntent, with this status. Else it is its id, where there is one.
  session_builder payment_intent(std::string_view status) const;
  /// The connected account, `acct_...`. Only events name it.
  session_builder account(std::string_view id) const;
  /// Any field of the session, in any state: `set("ui_mode", R"("a_new_word")")`. Throws
  /// std::invalid_argument when `value` is no JSON.
  session_builder set(std::string_view field, std::string_view value) const;

  /// What `GET /v1/checkout/sessions/:id` answers.
  std::string json() const;
  /// What a Go server makes of that when it marshals stripe-go's struct again, as stripe-go v82
  /// does: null is written as "" or 0, and an id as an object of zeros around it.
  std::string stripe_go_json() const;
  /// The body of the webhook `type`, such as `checkout.session.completed`, for sign_webhook().
  /// Stripe expands nothing in events, nor is it here. Another `event_id` is another event.
  std::string event(std::string_view type, std::string_view event_id = "evt_1") const;
  /// The same of an endpoint for thin events, which get only the session's id. `type` is without
  /// the `v1.` that thin events have in front.
  std::string thin_event(std::string_view type, std::string_view event_id = "evt_1") const;

private:
  enum class state : unsigned char {
    awaiting_payment,
    paid,
    no_payment_required,
    processing,
    failed,
    expired,
    setup
  };
  enum class form : unsigned char { as_fetched, in_event };

  session_builder in(state which) const;
  std::string write(form where) const;

  state state_ = state::awaiting_payment;
  unix_seconds created_;
  std::int64_t minor_units_ = 400;
  std::string currency_ = "cny";
  std::string id_;
  std::string out_trade_no_;
  std::string payment_intent_status_; // empty: as the state has it
  std::string account_;
  std::vector<std::pair<std::string, std::string>> fields_; // and their JSON
};

} // namespace testkit
} // namespace v0
} // namespace stripe_return
