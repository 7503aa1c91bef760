/// @file
/// Takes returns and webhooks to their orders.
#pragma once

#include <stripe_return/core/error.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/orders/customer_view.hpp>
#include <stripe_return/orders/order_service.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

struct return_result {
  /// What the page shows. None, for a page that says only "thank you": the browser is not known to
  /// be the order's.
  std::optional<customer_view> view;
  std::string out_trade_no; ///< for the log; empty for a session that belongs to no order
  /// False: the store could not be reached. The view is what Stripe says of this session alone; the
  /// webhook or the reconciler will record it.
  bool recorded = true;
};

/// The HTTP status for the page that answers a return.
STRIPE_RETURN_EXPORT int http_answer(const result<return_result>& answer) noexcept;

struct [[nodiscard]] webhook_result {
  int http_status = 200;         ///< to answer Stripe with; it sends again what is no 2xx
  std::string out_trade_no;      ///< of the order that it was recorded for; else empty
  std::string unmatched_payment; ///< a paid session that belongs to no order: it is in the list
  std::optional<error> failure;  ///< why the status is no 200, or why something was left out
};

/// A copy of `orders` is kept. Every member may be called from several threads at once, and blocks.
class STRIPE_RETURN_EXPORT payment_listener {
public:
  /// on_webhook() answers 500, missing_webhook_secret.
  explicit payment_listener(order_service orders);
  /// The verifier must live as long as the listener and its copies.
  payment_listener(order_service orders, const webhook_verifier& verifier);
  payment_listener(order_service orders, const webhook_verifier&& verifier) = delete;

  /// `query` is what parse_return_query() takes. `order_ref` is the number of the order that this
  /// browser is known to come back for; empty: what the `order_token` in the query says. Errors:
  /// those of the query, and those of the client where the session had to be fetched.
  result<return_result> on_return(std::string_view query, std::string_view order_ref = {});
  /// `raw_body` is what came over the network, byte for byte.
  webhook_result on_webhook(std::string_view raw_body, std::string_view signature_header);
  /// Asks Stripe about each session of the order. Errors also: order_not_found.
  result<customer_view> refresh(std::string_view out_trade_no, std::string_view who);

private:
  class impl;
  std::shared_ptr<impl> impl_;
};

} // namespace v0
} // namespace stripe_return
