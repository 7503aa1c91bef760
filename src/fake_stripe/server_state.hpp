// What the threads of the server share.
#pragma once

#include "testkit/fake_stripe/machine.hpp"

#include <condition_variable>
#include <mutex>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {

struct server_state {
  explicit server_state(machine_options options) : stripe(std::move(options)) {}

  std::mutex mutex; // for all below
  std::condition_variable changed;
  bool stopping = false;
  machine stripe;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
