// A Stripe on the loopback interface for async_session_client, and who drives the client.
#pragma once

#include "inbox.hpp"

#include "loopback/stalled_resolver.hpp"
#include "loopback/transport_calls.hpp"
#include "unit/core/session_json.hpp"

#include <dirent.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

inline stripe_return::session_id id_of(const std::string& text) {
  return *stripe_return::session_id::parse(text);
}

/// Its priority is unknown, as that of a session that anybody may have asked for.
inline stripe_return::retrieve_options of_anybody() {
  stripe_return::retrieve_options how;
  how.priority = stripe_return::call_priority::unknown;
  return how;
}

/// "cs_test_a1" of "/v1/checkout/sessions/cs_test_a1?expand...".
inline std::string id_asked(const loopback::request& asked) {
  const std::size_t begin = asked.target.find("cs_");
  return asked.target.substr(begin, asked.target.find('?') - begin);
}

inline loopback::response session_response(const loopback::request& asked) {
  return {200,
          {{"Date", "Mon, 23 Mar 2026 09:00:00 GMT"}, {"Request-Id", "req_1"}},
          session_json().set("id", quoted(id_asked(asked))).text()};
}

/// How many descriptors this process has open.
inline int open_files() {
  int count = 0;
  DIR* directory = opendir("/proc/self/fd");
  while (readdir(directory) != nullptr)
    ++count;
  closedir(directory);
  return count;
}

/// How many threads this process has.
inline int threads() {
  // ThreadSanitizer has one of its own from the first on.
  static const bool begun = [] {
    std::thread([] {}).join();
    return true;
  }();
  static_cast<void>(begun);
  int count = 0;
  DIR* directory = opendir("/proc/self/task");
  while (readdir(directory) != nullptr)
    ++count;
  closedir(directory);
  return count;
}

/// Lets others run until `done`; a wait that is too long fails the test.
template <class Done, class Step> bool patiently(const Done& done, const Step& step) {
  const auto end = std::chrono::steady_clock::now() + loopback::patience;
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) {
      ADD_FAILURE() << "what was waited for did not happen";
      return false;
    }
    step();
  }
  return true;
}

inline bool eventually(const std::function<bool()>& done) {
  return patiently(done, [] { std::this_thread::yield(); });
}

/// `Driver` makes clients and lets them work: see thread_driver.
template <class Driver> class AsyncClient : public ::testing::Test {
protected:
  using client = stripe_return::async_session_client;
  using milliseconds = std::chrono::milliseconds;

  loopback::test_ca ca_;
  Driver driver_;
  inbox inbox_;
  const int threads_before_ = threads();

  // A client that is destroyed in a callback leaves its thread to end by itself, and libcurl the
  // one that resolves a name. Whatever they free is freed before the process looks for leaks.
  void TearDown() override {
    eventually([&] { return threads() <= threads_before_; });
  }

  loopback::server_options https(loopback::handler respond) {
    return {std::move(respond), loopback::for_localhost(ca_)};
  }

  // Times that no slow computer reaches, and one attempt.
  stripe_return::client_options options_for(const std::string& url) const {
    stripe_return::client_options options;
    options.secret_key = "sk_test_1";
    options.api_base = url;
    options.ca_file = ca_.ca_file();
    options.deadline = options.attempt_timeout = options.connect_timeout = loopback::patience;
    options.retry.max_retries = 0;
    options.requests_per_second = 0;
    return options;
  }
  std::unique_ptr<client> client_for(const std::string& url) {
    return driver_.make(options_for(url));
  }

  // One call, its answer under the id.
  stripe_return::pending_call call(client& stripe, const std::string& id,
                                   const stripe_return::retrieve_options& how = of_anybody()) {
    return stripe.retrieve(id_of(id), how, inbox_.under(id));
  }
  std::string outcome(client& stripe, const std::string& id,
                      const stripe_return::retrieve_options& how = of_anybody()) {
    call(stripe, id, how);
    driver_.run_until([&] { return inbox_.has(id); });
    return inbox_.outcome(id);
  }
  void wait_for(std::size_t answers) {
    driver_.run_until([&] { return inbox_.count() >= answers; });
  }
};

/// The client's own thread works; the test's waits.
struct thread_driver {
  static constexpr bool calls_back_here = false;

  std::unique_ptr<stripe_return::async_session_client>
  make(stripe_return::client_options options, stripe_return::client_parts parts = {}) {
    return std::make_unique<stripe_return::async_session_client>(std::move(options),
                                                                 std::move(parts));
  }
  bool run_until(const std::function<bool()>& done) { return eventually(done); }
};
