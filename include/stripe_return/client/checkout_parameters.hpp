/// @file
/// What a new Checkout Session is to be.
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

/// Whose page the customer pays on: https://docs.stripe.com/api/checkout/sessions/create,
/// `ui_mode`.
enum class checkout_ui : unsigned char { hosted_page, embedded_page, elements, form };

STRIPE_RETURN_EXPORT std::string_view to_string(checkout_ui ui) noexcept;

/// When the customer's browser goes to the return_url: always, only by payment methods that
/// redirect, or never, in which case those methods are not offered.
enum class completion_redirect : unsigned char { always, if_required, never };

STRIPE_RETURN_EXPORT std::string_view to_string(completion_redirect redirect) noexcept;

/// One line that the customer sees and pays for. Lines by a Price's id go into
/// checkout_parameters::extra_parameters.
struct checkout_line_item {
  std::string name; ///< as the customer sees it
  money unit_amount;
  std::int64_t quantity = 1;
};

/// https://docs.stripe.com/api/checkout/sessions/create, as much of it as an order needs. What is
/// left empty is not sent.
///
/// The same order number and attempt always stand for the same parameters, byte for byte: a time
/// that is computed anew for each call is another one. So does Stripe tell a call that is repeated,
/// after a crash too, from one that would make a second session for the order.
struct checkout_parameters {
  /// The order number, once in the shop. It goes where `naming` says: into the metadata of the
  /// session and, in payment mode, of its PaymentIntent.
  std::string out_trade_no;
  order_naming naming;
  /// Which attempt at a session for this order it is, from 1. Store it before the call, or a crash
  /// loses a session that the customer can pay. It is in the session's metadata, too.
  int attempt = 0;
  /// Who counts the attempts, such as the id of a database: of two that share an account and the
  /// numbers of their orders, each needs its own. With shop, order number and attempt it makes the
  /// idempotency key.
  std::string store_id;

  session_mode mode = session_mode::payment;
  std::vector<checkout_line_item> line_items;

  checkout_ui ui = checkout_ui::hosted_page;
  /// Of hosted_page. Where it says `{CHECKOUT_SESSION_ID}`, Stripe puts the session's id.
  std::string success_url;
  std::string cancel_url;
  /// Of all others, in the place of both; empty where redirect is never.
  std::string return_url;
  /// Of embedded_page and form.
  completion_redirect redirect = completion_redirect::always;

  /// For how long the session can be paid, 30 minutes to 24 hours; without it, 24 hours from when
  /// Stripe makes it. It counts from attempt_started, so that the same attempt has the same end.
  std::optional<std::chrono::seconds> lifetime;
  unix_seconds attempt_started = 0; ///< as it was stored with the attempt

  /// Any other parameter: its name as in Stripe's documentation, such as
  /// `line_items[0][price_data][tax_behavior]`, and its value, both as they are and not yet
  /// encoded. None may stand for, hold or be part of one that the fields above set.
  std::vector<std::pair<std::string, std::string>> extra_parameters;
};

} // namespace v0
} // namespace stripe_return
