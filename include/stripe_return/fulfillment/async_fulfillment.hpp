/// @file
/// The desk for servers that must not block.
#pragma once

#include <stripe_return/client/async_session_client.hpp>
#include <stripe_return/client/checkout_parameters.hpp>
#include <stripe_return/core/expected_order.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/fulfillment/customer_view.hpp>
#include <stripe_return/fulfillment/fulfillment.hpp>
#include <stripe_return/fulfillment/review_verdict.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

/// The entries of a desk with a callback in place of a return value. What blocks runs on threads of
/// the host's; a return asks Stripe by the client that does not block.
///
/// Called on the loop's thread, where each callback runs, exactly once. run_due() and sweep() are
/// for a thread of their own, on the desk itself.
class STRIPE_RETURN_EXPORT async_fulfillment {
public:
  /// Calls `work` soon, once, on a thread of its own choice.
  using executor = std::function<void(std::function<void()> work)>;

  /// `desk` and `stripe` must live longer than every call. `blocking` runs work on threads that may
  /// wait for the store, such as a thread pool; `loop` on the loop's thread, called from those.
  async_fulfillment(fulfillment& desk, async_session_client& stripe, executor blocking,
                    executor loop);

  /// As the members of fulfillment of these names.
  void open_checkout(expected_order order, checkout_parameters parameters,
                     std::function<void(result<opened_checkout>)> done) const;
  void expect(expected_order order, std::function<void(result<customer_view>)> done) const;
  void on_return(std::string_view query, std::string_view order_ref,
                 std::function<void(result<return_answer>)> done) const;
  void on_webhook(std::string_view raw_body, std::string_view signature_header,
                  std::function<void(webhook_answer)> done) const;
  void view(std::string_view out_trade_no,
            std::function<void(result<std::optional<customer_view>>)> done) const;
  void close_order(std::string_view out_trade_no, std::function<void(result<closing>)> done) const;
  void resolve(std::string_view out_trade_no, review_verdict verdict, std::string_view who,
               std::string_view note, std::function<void(result<bool>)> done) const;

private:
  struct hands;
  template <class Answer, class Call> void call(Call call, std::function<void(Answer)> done) const;

  std::shared_ptr<const hands> hands_;
};

} // namespace v0
} // namespace stripe_return
