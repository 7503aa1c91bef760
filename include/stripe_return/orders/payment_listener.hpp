/// @file
/// payment_listener: records returns and webhooks in their orders.
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

/// The result of a return.
struct return_result {
  /// What the page may show. Absent if it is not certain that this browser belongs to the order's
  /// customer; the page should then only say "thank you".
  std::optional<customer_view> view;
  std::string out_trade_no; ///< for the log; empty if the session belongs to no order
  /// False if the store could not be reached. The view then shows what Stripe says about this
  /// session alone, and the webhook or the reconciler will record the return's session later.
  bool recorded = true;
};

/// Returns the HTTP status for the page that responds to a return.
STRIPE_RETURN_EXPORT int http_answer(const result<return_result>& answer) noexcept;

/// The result of a webhook.
struct [[nodiscard]] webhook_result {
  int http_status = 200; ///< respond to Stripe with it; Stripe resends the event if it is not 2xx
  std::string out_trade_no;      ///< the order in which it was recorded; may be empty
  std::string unmatched_payment; ///< a paid session without an order, which is now listed
  std::optional<error> failure;  ///< why the status is not 200, or why something was skipped
};

/// Records what returns and webhooks report. It keeps a copy of `orders`. Thread-safe: several
/// threads may call every member at once; each call blocks.
class STRIPE_RETURN_EXPORT payment_listener {
public:
  /// Makes a listener for returns only: on_webhook() responds with 500 and missing_webhook_secret.
  explicit payment_listener(order_service orders);
  /// Makes a listener for returns and webhooks. The verifier must outlive the listener and its
  /// copies.
  payment_listener(order_service orders, const webhook_verifier& verifier);
  payment_listener(order_service orders, const webhook_verifier&& verifier) = delete;

  /// Records a return. `query` is what parse_return_query() takes. `order_ref` is the number of the
  /// order for which this browser is known to return; if it is empty, the `order_token` in the
  /// query counts. Fails with the errors of the query, with those of the client if the session had
  /// to be fetched, and with those of check(options) and of a store that cannot be used. A store
  /// that cannot be reached is not an error: see `recorded`.
  result<return_result> on_return(std::string_view query, std::string_view order_ref = {});
  /// Records a webhook. `raw_body` must be the body exactly as received, byte for byte.
  webhook_result on_webhook(std::string_view raw_body, std::string_view signature_header);
  /// Fetches each session of the order from Stripe and records it. Also fails with order_not_found.
  result<customer_view> refresh(std::string_view out_trade_no, std::string_view who);

private:
  class impl;
  std::shared_ptr<impl> impl_;
};

} // namespace v0
} // namespace stripe_return
