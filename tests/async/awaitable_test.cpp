// async_session_client in coroutines of any kind.
#include <stripe_return/client/adapters/awaitable.hpp>

#include "poll_driver.hpp"

#include <gmock/gmock.h>

#include <coroutine>
#include <exception>

namespace {

namespace sr = stripe_return;
using testing::ElementsAre;

/// The smallest coroutine: it runs at once, and is gone when it has ended.
struct task {
  struct promise_type {
    task get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

std::string word(const sr::result<sr::observation>& answer) {
  return answer ? answer->session.id : std::string(to_string(answer.error().code));
}

task fetch_all(sr::async_session_client& stripe, std::vector<std::string> ids,
               std::vector<std::string>& found, std::atomic<bool>& ended) {
  for (const std::string& id : ids)
    found.push_back(word(co_await sr::awaitable_retrieve(stripe, id_of(id))));
  ended = true;
}

template <class Driver> class Awaitable : public AsyncClient<Driver> {
protected:
  std::vector<std::string> found_;
  std::atomic<bool> ended_{false};
};
using drivers = testing::Types<thread_driver, poll_driver>;
TYPED_TEST_SUITE(Awaitable, drivers);

TYPED_TEST(Awaitable, AwaitsOneAfterTheOther) {
  const loopback::https_server server(this->https([](const auto& asked) {
    auto answer = session_response(asked);
    if (id_asked(asked) == "cs_test_b1") answer.status = 401;
    return answer;
  }));
  const auto stripe = this->client_for(server.url());
  fetch_all(*stripe, {"cs_test_a1", "cs_test_b1", "cs_test_c1"}, this->found_, this->ended_);
  this->driver_.run_until([&] { return this->ended_.load(); });
  EXPECT_THAT(this->found_, ElementsAre("cs_test_a1", "unauthorized", "cs_test_c1"));
}

// Never in await_suspend(): a hundred answers at once would be as deep on the stack.
TYPED_TEST(Awaitable, SuspendsEvenIfTheAnswerIsKnown) {
  auto options = this->options_for("https://localhost");
  options.secret_key = "";
  const auto stripe = this->driver_.make(options);
  fetch_all(*stripe, std::vector<std::string>(100, "cs_test_a1"), this->found_, this->ended_);
  if constexpr (!std::is_same_v<TypeParam, thread_driver>) {
    EXPECT_TRUE(this->found_.empty());
  }
  this->driver_.run_until([&] { return this->ended_.load(); });
  EXPECT_THAT(this->found_, testing::Each("missing_secret_key"));
  EXPECT_EQ(this->found_.size(), 100u);
}

TYPED_TEST(Awaitable, HandsItsOptionsOn) {
  const loopback::https_server server(this->https(session_response));
  const auto stripe = this->client_for(server.url());
  sr::retrieve_options how;
  how.line_items = true;
  [](auto& asked, auto& found, auto& ended, sr::retrieve_options wanted) -> task {
    found.push_back(word(co_await sr::awaitable_retrieve(asked, id_of("cs_test_a1"), wanted)));
    ended = true;
  }(*stripe, this->found_, this->ended_, how);
  this->driver_.run_until([&] { return this->ended_.load(); });
  EXPECT_THAT(this->found_, ElementsAre("cs_test_a1"));
  EXPECT_THAT(server.received()[0].target, testing::HasSubstr("line_items"));
}

TYPED_TEST(Awaitable, GoesOnWhenTheClientIsDestroyed) {
  const loopback::https_server server(
      this->https(loopback::always(loopback::fault::stall_before_response)));
  auto stripe = this->client_for(server.url());
  fetch_all(*stripe, {"cs_test_a1"}, this->found_, this->ended_);
  this->driver_.run_until([&] { return server.requests() == 1; });
  stripe.reset();
  EXPECT_THAT(this->found_, ElementsAre("canceled"));
}

// The coroutine that is done with the client destroys it.
TYPED_TEST(Awaitable, MayDestroyTheClient) {
  const loopback::https_server server(this->https(session_response));
  auto stripe = this->client_for(server.url());
  [](auto& asked, auto& found, auto& ended) -> task {
    auto answer = co_await sr::awaitable_retrieve(*asked, id_of("cs_test_a1"));
    asked.reset();
    found.push_back(word(answer));
    ended = true;
  }(stripe, this->found_, this->ended_);
  this->driver_.run_until([&] { return this->ended_.load(); });
  EXPECT_THAT(this->found_, ElementsAre("cs_test_a1"));
}

} // namespace
