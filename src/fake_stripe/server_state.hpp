// All that the threads of the server share, under one lock.
#pragma once

#include "fake_stripe/account.hpp"
#include "fake_stripe/delivery_plan.hpp"
#include "fake_stripe/fault_plan.hpp"
#include "fake_stripe/idempotency.hpp"
#include "fake_stripe/movable_clock.hpp"
#include "fake_stripe/request_log.hpp"

#include <stripe_return/fake_stripe/fake_stripe.hpp>

#include <condition_variable>
#include <mutex>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace fake {

struct server_state {
  server_state(const fake_stripe_options& options, const std::string& url)
      : base_url(url), expected_key(options.secret_key), clock(options.start),
        stripe(url, [this](const event& event) { deliveries.add(event); }) {
    deliveries.endpoint = {options.webhook_url, options.webhook_secret};
  }

  void reset() {
    clock.reset();
    stripe = account(base_url, [this](const event& event) { deliveries.add(event); });
    answers.reset();
    faults.clear();
    deliveries.reset();
    requests.clear();
  }

  const std::string base_url;
  const secret expected_key;

  std::mutex mutex; // for all below
  std::condition_variable changed;
  bool stopping = false;
  movable_clock clock;
  delivery_plan deliveries;
  account stripe;
  idempotency answers;
  fault_plan faults;
  request_log requests;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
