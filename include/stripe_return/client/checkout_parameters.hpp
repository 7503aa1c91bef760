/// @file
/// checkout_parameters: what a new Checkout Session looks like.
#pragma once

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/money.hpp>
#include <stripe_return/core/order_naming.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// On whose page the customer pays: https://docs.stripe.com/api/checkout/sessions/create,
/// `ui_mode`.
enum class checkout_ui : unsigned char { hosted_page, embedded_page, elements, form };

STRIPE_RETURN_EXPORT std::string_view to_string(checkout_ui ui) noexcept;

/// When Stripe redirects the customer's browser to the return_url: always, only for payment methods
/// that redirect, or never. With never, Stripe does not offer payment methods that redirect.
enum class completion_redirect : unsigned char { always, if_required, never };

STRIPE_RETURN_EXPORT std::string_view to_string(completion_redirect redirect) noexcept;

/// One line that the customer sees and pays for. For a line with the id of a Price, use
/// checkout_parameters::extra_parameters.
struct checkout_line_item {
  std::string name; ///< as the customer sees it
  money unit_amount;
  std::int64_t quantity = 1;
};

/// The parameters of https://docs.stripe.com/api/checkout/sessions/create that an order needs.
/// Empty fields are not sent.
///
/// The same order number and attempt must always have the same parameters, byte for byte; a time
/// that is computed anew for each call makes them different. This is how Stripe distinguishes a
/// repeated call, even after a crash, from a call that would create a second session for the order.
struct checkout_parameters {
  /// The order number, which must be unique in the shop. It is stored where `naming` says: in the
  /// metadata of the session and, in payment mode, of its PaymentIntent.
  std::string out_trade_no;
  order_naming naming;
  /// The number of this attempt to create a session for the order, from 1. Store it before the
  /// call, or a crash can lose a session that the customer can pay. It is also stored in the
  /// session's metadata.
  int attempt = 0;
  /// Identifies where attempts are counted, for example by the id of a database. If two databases
  /// share a Stripe account and have the same order numbers, each needs its own store_id. Shop,
  /// order number, attempt and store_id together make the idempotency key.
  std::string store_id;

  session_mode mode = session_mode::payment;
  std::vector<checkout_line_item> line_items;

  checkout_ui ui = checkout_ui::hosted_page;
  /// For hosted_page: where Stripe sends the customer after the payment. Stripe replaces
  /// `{CHECKOUT_SESSION_ID}` in it with the session's id.
  std::string success_url;
  /// For hosted_page: where a customer goes who leaves the page.
  std::string cancel_url;
  /// For all other values of `ui`, instead of the two URLs above. Empty if redirect is never.
  std::string return_url;
  /// For embedded_page and form.
  completion_redirect redirect = completion_redirect::always;

  /// How long the session can be paid, 30 minutes to 24 hours. If absent: 24 hours after Stripe
  /// creates it. It counts from attempt_started, so that a repeated attempt has the same end.
  std::optional<std::chrono::seconds> lifetime;
  unix_seconds attempt_started = 0; ///< the time that was stored together with the attempt

  /// Any other parameters. Each has its name as in Stripe's documentation, such as
  /// `line_items[0][price_data][tax_behavior]`, and its value; neither is encoded yet. None of them
  /// may be the same as, contain or be part of a parameter that the fields above set.
  std::vector<std::pair<std::string, std::string>> extra_parameters;
};

} // namespace v0
} // namespace stripe_return
