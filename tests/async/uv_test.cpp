// async_session_client on libuv.
#include <stripe_return/client/adapters/uv.hpp>

#include "client_cases.hpp"
#include "client_failure_cases.hpp"

#include <gmock/gmock.h>

namespace {

namespace sr = stripe_return;
using testing::ElementsAre;

/// A timer of the application's own.
class uv_timer {
public:
  uv_timer(uv_loop_t* loop, std::uint64_t delay, std::uint64_t repeat, std::function<void()> work)
      : handle_(new handle) {
    handle_->work = std::move(work);
    uv_timer_init(loop, &handle_->timer);
    handle_->timer.data = handle_;
    uv_timer_start(
        &handle_->timer,
        [](uv_timer_t* timer) {
          const auto work_now = static_cast<handle*>(timer->data)->work;
          work_now();
        },
        delay, repeat);
  }
  uv_timer(const uv_timer&) = delete;
  uv_timer& operator=(const uv_timer&) = delete;
  ~uv_timer() {
    uv_close(reinterpret_cast<uv_handle_t*>(&handle_->timer),
             [](uv_handle_t* closed) { delete static_cast<handle*>(closed->data); });
  }

private:
  struct handle {
    uv_timer_t timer;
    std::function<void()> work;
  };
  handle* handle_;
};

struct uv_driver {
  static constexpr bool calls_back_here = true;

  uv_driver() { uv_loop_init(&loop); }
  // Whatever has happened, no handle is left in the loop.
  ~uv_driver() {
    loops.clear();
    EXPECT_EQ(uv_run(&loop, UV_RUN_DEFAULT), 0);
    EXPECT_EQ(uv_loop_close(&loop), 0);
  }

  std::unique_ptr<sr::async_session_client> make(sr::client_options options,
                                                 stripe_return::client_parts parts = {}) {
    loops.push_back(std::make_unique<sr::uv_event_loop>(&loop));
    return std::make_unique<sr::async_session_client>(std::move(options), *loops.back(),
                                                      std::move(parts));
  }
  bool run_until(const std::function<bool()>& done) {
    const uv_timer wake(&loop, 0, 5, [] {});
    return patiently(done, [&] { uv_run(&loop, UV_RUN_ONCE); });
  }

  uv_loop_t loop;
  std::vector<std::unique_ptr<sr::uv_event_loop>> loops;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Uv, AsyncClientCases, uv_driver);
INSTANTIATE_TYPED_TEST_SUITE_P(Uv, AsyncClientFailureCases, uv_driver);

class UvLoop : public AsyncClient<uv_driver> {};

// The application's own work goes on: it is done in the turns before the call is answered.
TEST_F(UvLoop, LetsTheLoopRunWhileServerAndResolverStall) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  const loopback::stalled_resolver resolver;
  for (const std::string& url : {server.url(), std::string("https://stalled.test")}) {
    SCOPED_TRACE(url);
    auto options = options_for(url);
    options.deadline = loopback::soon;
    const auto stripe = driver_.make(options);
    std::vector<std::string> events;
    stripe->retrieve(id_of("cs_test_a1"), {}, [&](const auto&) { events.push_back("answer"); });
    std::unique_ptr<uv_timer> second;
    uv_update_time(&driver_.loop);
    const uv_timer first(&driver_.loop, 5, 0, [&] {
      events.push_back("first");
      second = std::make_unique<uv_timer>(&driver_.loop, 5, 0, [&] { events.push_back("second"); });
    });
    driver_.run_until([&] { return !events.empty() && events.back() == "answer"; });
    EXPECT_THAT(events, ElementsAre("first", "second", "answer"));
  }
}

// A client without calls in flight holds no handle but its timer, which does not run.
TEST_F(UvLoop, LetsTheLoopEnd) {
  const loopback::https_server server(https(session_response));
  auto stripe = client_for(server.url());
  EXPECT_EQ(outcome(*stripe, "cs_test_a1"), "session");
  stripe.reset();
  EXPECT_EQ(uv_run(&driver_.loop, UV_RUN_DEFAULT), 0);
}

// One object for one client after the other, with the same numbers of descriptors.
TEST_F(UvLoop, ServesOneClientAfterTheOther) {
  const loopback::https_server server(https(session_response));
  sr::uv_event_loop loop(&driver_.loop);
  for (int round = 0; round < 5; ++round) {
    sr::async_session_client stripe(options_for(server.url()), loop);
    EXPECT_EQ(outcome(stripe, "cs_test_" + std::to_string(round)), "session");
  }
}

// Descriptors are closed and their numbers used again within one turn.
TEST_F(UvLoop, WatchesNumbersThatAreUsedAgain) {
  const loopback::https_server server(https([](const auto& asked) {
    auto answer = session_response(asked);
    if (asked.number % 2 == 1) answer.fault = loopback::fault::reset_before_response;
    return answer;
  }));
  auto options = options_for(server.url());
  options.retry = {5, milliseconds(1), milliseconds(1)};
  const auto stripe = driver_.make(options);
  for (int round = 0; round < 20; ++round)
    call(*stripe, "cs_test_" + std::to_string(round));
  wait_for(20);
  EXPECT_GT(server.connections(), 1);
  EXPECT_EQ(inbox_.count("session") + inbox_.count("connection_lost"), 20u);
}

} // namespace
