// The thread that delivers webhooks, one after the other.
#pragma once

#include "fake_stripe/server_state.hpp"

#include <stripe_return/core/time.hpp>

#include <memory>

namespace stripe_return {
inline namespace v0 {
namespace fake {

unix_seconds computers_time();

class webhook_sender {
public:
  explicit webhook_sender(server_state& state);
  // After state.stopping was set. Gives up what is on its way.
  ~webhook_sender();

private:
  class thread;
  std::unique_ptr<thread> thread_;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
