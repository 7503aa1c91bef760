// Answers what comes over HTTP: the API, the commands, the pages.
#pragma once

#include "fake_stripe/server_state.hpp"
#include "testkit/fake_stripe/message.hpp"

#include <chrono>
#include <functional>
#include <mutex>

namespace stripe_return {
inline namespace v0 {
namespace fake {

struct held_response {
  response answer;
  // With response_end::stalled: waits so long, and tells whether the connection is to stay.
  std::function<bool(std::chrono::milliseconds)> still_stalled;
};

class request_handler {
public:
  explicit request_handler(server_state& state) : state_(state) {}

  // From several threads at once. Throws api_error.
  held_response answer(const request& asked);

private:
  held_response answer_api(const request& asked);
  response answer_command(const request& asked);
  response flush_webhooks(const request& asked, std::unique_lock<std::mutex>& lock);

  server_state& state_;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
