/// @file
/// session_builder: Checkout Sessions and their events, as Stripe sends them.
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

/// Builds the JSON of a Checkout Session with every field that Stripe's API sends in version
/// 2026-09-30.endive: https://docs.stripe.com/api/checkout/sessions/object. A new builder stands
/// for a hosted session of 4.00 yuan in test mode that awaits payment and names no order.
///
///     session_builder().paid().amount(400, "cny").out_trade_no("1774256382025448500").json()
///
/// Each function returns a changed copy; later changes overrule earlier ones. Text must be UTF-8;
/// invalid bytes become U+FFFD.
class STRIPE_RETURN_EXPORT session_builder {
public:
  session_builder();

  /// @name The states, as Stripe documents them
  /// For each of them, decide() returns the order state of the same name.
  /// @{

  /// Open and unpaid. No payment was attempted, so there is no PaymentIntent.
  session_builder awaiting_payment() const;
  /// Complete and paid.
  session_builder paid() const;
  /// Complete, with nothing to pay: the amount is 0, whatever amount() says.
  session_builder no_payment_required() const;
  /// Complete and unpaid: the customer has finished, and a delayed payment is being processed.
  session_builder processing() const;
  /// Complete and unpaid, and the delayed payment has failed. The session itself does not show
  /// this. Its PaymentIntent, if expanded, is requires_payment_method, and the event is
  /// `checkout.session.async_payment_failed`.
  session_builder failed() const;
  /// Expired and unpaid, as reported by Stripe.
  session_builder expired() const;
  /// Complete in setup mode, which takes no money and has no amount: decide() returns
  /// order_state::no_payment_required.
  session_builder setup() const;
  /// @}

  /// Sets the id. With a `cs_live_...` id the session is a live one.
  session_builder id(std::string_view session_id) const;
  /// Sets the total and the subtotal.
  session_builder amount(std::int64_t minor_units, std::string_view currency) const;
  /// Sets `metadata.out_trade_no`.
  session_builder out_trade_no(std::string_view order) const;
  /// Sets when the session was created. It expires one day later.
  session_builder created(unix_seconds time) const;
  /// Expands the PaymentIntent and sets its status. Without this, the session contains only its id,
  /// if it has a PaymentIntent.
  session_builder payment_intent(std::string_view status) const;
  /// Sets the connected account, `acct_...`. Only events name it.
  session_builder account(std::string_view id) const;
  /// Sets any field of the session, in any state: `set("ui_mode", R"("a_new_word")")`. Throws
  /// std::invalid_argument if `value` is not JSON.
  session_builder set(std::string_view field, std::string_view value) const;

  /// Returns what `GET /v1/checkout/sessions/:id` would return.
  std::string json() const;
  /// Returns what a Go server produces when it marshals the session again with stripe-go v82: null
  /// becomes "" or 0, and an id becomes an object with zero values.
  std::string stripe_go_json() const;
  /// Returns the body of a webhook of the type `type`, such as `checkout.session.completed`, for
  /// sign_webhook(). As in Stripe's events, nothing is expanded. Use another `event_id` for another
  /// event.
  std::string event(std::string_view type, std::string_view event_id = "evt_1") const;
  /// Returns the body of the corresponding thin event, which contains only the session's id. `type`
  /// is without the prefix `v1.` of thin events.
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
