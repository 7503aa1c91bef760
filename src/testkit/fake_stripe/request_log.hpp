// What was asked, for tests to look at. Never the key.
#pragma once

#include "testkit/fake_stripe/message.hpp"

#include <cstddef>
#include <deque>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace fake {

struct logged_request {
  std::string method;
  std::string path;
  std::string query;
  std::string idempotency_key;
  std::string stripe_account;
  std::string stripe_version;
};

class request_log {
public:
  void add(const request& asked) {
    if (all_.size() == most_kept) all_.pop_front();
    all_.push_back({asked.method, asked.path, asked.query, asked.idempotency_key,
                    asked.stripe_account, asked.stripe_version});
  }
  const std::deque<logged_request>& all() const { return all_; } // oldest first
  void clear() { all_.clear(); }

private:
  static constexpr std::size_t most_kept = 10000;
  std::deque<logged_request> all_;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
