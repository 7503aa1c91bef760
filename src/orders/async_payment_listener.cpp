#include <stripe_return/orders/async_payment_listener.hpp>

#include <utility>

namespace stripe_return {
inline namespace v0 {

async_payment_listener::async_payment_listener(payment_listener listener,
                                               blocking_executor blocking, event_loop& loop)
    : listener_(std::move(listener)), blocking_(std::move(blocking)), loop_(&loop) {}

void async_payment_listener::on_return(std::string query, std::string order_ref,
                                       std::function<void(result<return_result>)> done) const {
  blocking_call(
      blocking_, *loop_,
      [listener = listener_, query = std::move(query), order_ref = std::move(order_ref)]() mutable {
        return listener.on_return(query, order_ref);
      },
      std::move(done));
}

void async_payment_listener::on_webhook(std::string raw_body, std::string signature_header,
                                        std::function<void(webhook_result)> done) const {
  blocking_call(
      blocking_, *loop_,
      [listener = listener_, raw_body = std::move(raw_body),
       signature_header = std::move(signature_header)]() mutable {
        return listener.on_webhook(raw_body, signature_header);
      },
      std::move(done));
}

} // namespace v0
} // namespace stripe_return
