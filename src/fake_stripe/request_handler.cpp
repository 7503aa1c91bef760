#include "fake_stripe/request_handler.hpp"

#include "fake_stripe/control_access.hpp"
#include "fake_stripe/payment_page.hpp"
#include "testkit/fake_stripe/command.hpp"
#include "testkit/http_date.hpp"

#include <string_view>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {

held_response request_handler::answer(const request& asked) {
  const auto below = [&asked](std::string_view start) {
    return asked.path.compare(0, start.size(), start) == 0;
  };
  if (below("/v1/") || below("/v2/")) return answer_api(asked);
  response answer;
  if (below("/_fake/")) {
    refuse_foreign_page(asked);
    answer = answer_command(asked);
  } else {
    const std::lock_guard<std::mutex> lock(state_.mutex);
    answer = payment_page(asked, state_.stripe);
  }
  const std::lock_guard<std::mutex> lock(state_.mutex);
  answer.headers.emplace_back("Date", testkit::http_date(state_.stripe.now()));
  state_.changed.notify_all(); // there may be something to deliver
  return {std::move(answer), {}};
}

held_response request_handler::answer_api(const request& asked) {
  begun_call call = machine::read(asked);
  std::unique_lock<std::mutex> lock(state_.mutex);
  const int clearings = state_.stripe.faults.clearings();
  const auto go_on = [this, clearings] {
    return state_.stopping || state_.stripe.faults.clearings() != clearings;
  };
  state_.stripe.begin(call);
  state_.changed.notify_all(); // the request can be seen
  if (call.planned && call.planned->latency.count() > 0) {
    state_.changed.wait_for(lock, call.planned->latency, go_on);
  }
  held_response held{state_.stripe.finish(call), {}};
  state_.changed.notify_all(); // there may be something to deliver
  if (held.answer.end == response_end::stalled) {
    held.still_stalled = [this, go_on](std::chrono::milliseconds so_long) {
      std::unique_lock<std::mutex> waiting(state_.mutex);
      return !state_.changed.wait_for(waiting, so_long, go_on);
    };
  }
  return held;
}

response request_handler::answer_command(const request& asked) {
  std::unique_lock<std::mutex> lock(state_.mutex);
  if (asked.method == "POST" && asked.path == "/_fake/webhooks/flush") {
    return flush_webhooks(asked, lock);
  }
  response answer = command(state_.stripe, asked);
  state_.changed.notify_all();
  return answer;
}

response request_handler::flush_webhooks(const request& asked, std::unique_lock<std::mutex>& lock) {
  state_.stripe.pass_time();
  const auto ticket = state_.stripe.deliveries.flush(state_.stripe.now());
  state_.changed.notify_all();
  state_.changed.wait(
      lock, [&] { return state_.stopping || state_.stripe.deliveries.all_attempted(ticket); });
  request shown = asked;
  shown.method = "GET";
  shown.path = "/_fake/webhooks";
  return command(state_.stripe, shown);
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
