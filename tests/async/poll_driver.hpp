// The test's thread works, on a loop around poll().
#pragma once

#include "client_fixture.hpp"
#include "poll_loop.hpp"

struct poll_driver {
  static constexpr bool calls_back_here = true;

  std::unique_ptr<stripe_return::async_session_client>
  make(stripe_return::client_options options, stripe_return::client_parts parts = {}) {
    // An object serves one client.
    loops.push_back(std::make_unique<poll_loop>());
    return std::make_unique<stripe_return::async_session_client>(std::move(options), *loops.back(),
                                                                 std::move(parts));
  }
  bool run_until(const std::function<bool()>& done) {
    return patiently(done, [&] { loop().run_once(); });
  }
  poll_loop& loop() { return *loops.back(); }

  std::vector<std::unique_ptr<poll_loop>> loops;
};
