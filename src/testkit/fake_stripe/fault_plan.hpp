// What goes wrong on command.
#pragma once

#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/message.hpp"

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace fake {

enum class fault_kind { latency, status, cut, stall };

struct fault {
  fault_kind kind = fault_kind::latency;
  std::string method; // empty: any
  std::string path_prefix = "/v1";
  std::int64_t count = 1;               // of the requests that it hits
  std::chrono::milliseconds latency{0}; // with latency
  int status = 0;                       // with status
  std::string code;                     // likewise
  std::optional<bool> should_retry;     // likewise: the header Stripe-Should-Retry

  // With status.
  api_error error() const;
};

class fault_plan {
public:
  void add(fault planned) { planned_.push_back(std::move(planned)); }
  // The first that the request runs into, counted down.
  std::optional<fault> take(const request& request);
  const std::deque<fault>& planned() const { return planned_; }

  // Those who are held up by a fault go on where this has changed since.
  void clear();
  int clearings() const { return clearings_; }

private:
  std::deque<fault> planned_;
  int clearings_ = 0;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
