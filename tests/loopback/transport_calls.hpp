// Short names for what the tests of curl_transport do most.
#pragma once

#include <stripe_return/client/curl_transport.hpp>

#include "loopback/die.hpp"
#include "loopback/https_server.hpp"
#include "loopback/test_ca.hpp"
#include "unit/client/client_calls.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>

namespace loopback {

/// For what is to succeed, however slow the computer is.
inline constexpr std::chrono::milliseconds patience{60000};
/// For what is to time out. Only a test whose subject is a timeout waits for it.
inline constexpr std::chrono::milliseconds soon{250};

/// The phases of a request in their order; 0 for all that is no timeout.
inline int phase_timed_out(stripe_return::error_code why) {
  using code = stripe_return::error_code;
  switch (why) {
  case code::timed_out_resolving: return 1;
  case code::timed_out_connecting: return 2;
  case code::timed_out_in_tls: return 3;
  case code::timed_out_waiting: return 4;
  case code::timed_out_receiving: return 5;
  default: return 0;
  }
}

inline stripe_return::http_request get(std::string url,
                                       std::chrono::milliseconds timeout = patience) {
  stripe_return::http_request request;
  request.url = std::move(url);
  request.timeout = timeout;
  request.connect_timeout = timeout;
  return request;
}

inline stripe_return::curl_transport_options trusting(const test_ca& ca) {
  stripe_return::curl_transport_options options;
  options.ca_file = ca.ca_file();
  return options;
}

inline certificate for_localhost(const test_ca& ca) {
  return ca.issue({{"localhost"}});
}

inline handler always(response answer) {
  return [answer = std::move(answer)](const request&) { return answer; };
}

inline handler always(fault what) {
  return always(response{200, {}, "hello", what});
}

/// Where a server's handlers wait until the test lets them go.
class gate {
public:
  void pass() {
    std::unique_lock<std::mutex> lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
    --waiting_;
  }
  void open() {
    const std::lock_guard<std::mutex> lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait_until_waiting(int count = 1) {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!changed_.wait_for(lock, patience, [&] { return waiting_ >= count; })) {
      die("nobody came to the gate");
    }
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
  int waiting_ = 0;
};

} // namespace loopback
