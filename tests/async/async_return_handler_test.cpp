#include <stripe_return/client/async_return_handler.hpp>

#include "poll_driver.hpp"

#include "unit/core/error_code_of.hpp"

#include <gmock/gmock.h>

#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using sr::order_state;
using sr::reason;

sr::expected_order order(std::int64_t amount = 400) {
  sr::expected_order expected;
  expected.out_trade_no = "A1";
  expected.amounts = {{amount, "cny"}};
  return expected;
}

class priority_observer final : public sr::client_observer {
public:
  void on_start(sr::client_call, sr::call_priority priority) override {
    priorities.push_back(priority);
  }
  std::vector<sr::call_priority> priorities;
};

class AsyncReturnHandler : public AsyncClient<poll_driver> {
protected:
  using outcome = std::optional<sr::result<sr::order_outcome>>;

  // A place for one answer, which must not come while the call is being made.
  sr::completion<sr::order_outcome> into(outcome& answer) {
    return [this, &answer](sr::result<sr::order_outcome> got) {
      EXPECT_FALSE(calling_);
      EXPECT_FALSE(answer) << "answered twice";
      answer.emplace(std::move(got));
    };
  }
  sr::result<sr::order_outcome> handle(const sr::async_return_handler& on_return, std::string query,
                                       const sr::expected_order& expected) {
    outcome answer;
    calling_ = true;
    on_return.handle(query, expected, into(answer));
    query.assign(query.size(), 'x'); // nothing of the application's has to last
    calling_ = false;
    driver_.run_until([&] { return answer.has_value(); });
    return *answer;
  }

  bool calling_ = false;
};

TEST_F(AsyncReturnHandler, TakesAQueryToTheOutcomeOfTheOrder) {
  const loopback::https_server server(https(session_response));
  const auto stripe = client_for(server.url());
  const sr::async_return_handler on_return(*stripe);
  const auto paid = handle(on_return, "?session_id=cs_test_a1&lang=zh", order());
  ASSERT_TRUE(paid) << paid.error().message;
  EXPECT_EQ(paid->state(), order_state::paid);
  EXPECT_TRUE(paid->may_fulfill("A1"));
  EXPECT_FALSE(paid->may_fulfill("A2"));
  EXPECT_FALSE(paid->has(reason::local_clock));

  const auto dearer = handle(on_return, "session_id=cs_test_a1", order(40000));
  ASSERT_TRUE(dearer);
  EXPECT_EQ(dearer->state(), order_state::needs_review);
  EXPECT_TRUE(dearer->has(reason::amount_mismatch));
}

TEST_F(AsyncReturnHandler, DecidesWithoutAnOrderAndSaysSo) {
  const loopback::https_server server(https(session_response));
  const auto stripe = client_for(server.url());
  const sr::async_return_handler on_return(*stripe);
  outcome answer;
  on_return.handle("session_id=cs_test_a1", into(answer));
  driver_.run_until([&] { return answer.has_value(); });
  ASSERT_TRUE(*answer);
  EXPECT_EQ((*answer)->out_trade_no(), "A1");
  EXPECT_TRUE((*answer)->has(reason::not_checked_against_order));
}

TEST_F(AsyncReturnHandler, GivesWhateverFailsToTheCallback) {
  const loopback::https_server server(https([](const auto&) { return loopback::response{401}; }));
  const auto stripe = client_for(server.url());
  sr::return_handler_options options;
  options.parameter = "checkout";
  const sr::async_return_handler on_return(*stripe, options);
  EXPECT_EQ(error_code_of(handle(on_return, "session_id=cs_test_a1", order())),
            code::missing_session_id);
  EXPECT_EQ(error_code_of(handle(on_return, "checkout=", order())), code::empty_session_id);
  EXPECT_EQ(server.requests(), 0);
  EXPECT_EQ(error_code_of(handle(on_return, "checkout=cs_test_a1", order())), code::unauthorized);
}

TEST_F(AsyncReturnHandler, ReadsTheOrderNumberWhereItIsToldTo) {
  const loopback::https_server server(https([](const auto& asked) {
    auto answer = session_response(asked);
    answer.body = session_json().set("metadata", R"({"order":"B1"})").text();
    return answer;
  }));
  const auto stripe = client_for(server.url());
  sr::return_handler_options options;
  options.naming.order_key = "order";
  const sr::async_return_handler on_return(*stripe, options);
  sr::expected_order expected = order();
  expected.out_trade_no = "B1";
  const auto paid = handle(on_return, "session_id=cs_test_a1", expected);
  ASSERT_TRUE(paid) << paid.error().message;
  EXPECT_TRUE(paid->may_fulfill("B1"));
}

// What the application issued goes before what anybody may have sent, and is asked of the right
// account.
TEST_F(AsyncReturnHandler, AsksAsTheOrderSays) {
  const loopback::https_server server(https(session_response));
  const auto seen = std::make_shared<priority_observer>();
  const auto stripe = driver_.make(options_for(server.url()), {nullptr, nullptr, seen});
  const sr::async_return_handler on_return(*stripe);
  sr::expected_order expected = order();
  expected.session_ids = {"cs_test_a0", "cs_test_a1"};
  expected.account = "acct_1";
  const auto paid = handle(on_return, "session_id=cs_test_a1", expected);
  ASSERT_TRUE(paid) << paid.error().message;
  const auto other = handle(on_return, "session_id=cs_test_b1", expected);
  ASSERT_TRUE(other) << other.error().message;
  EXPECT_TRUE(other->has(reason::session_not_issued));
  EXPECT_THAT(seen->priorities,
              testing::ElementsAre(sr::call_priority::known, sr::call_priority::unknown));
  EXPECT_EQ(server.received()[0].header("stripe-account"), "acct_1");
}

// A call stands for itself.
TEST_F(AsyncReturnHandler, MayBeGoneBeforeItsAnswer) {
  const loopback::https_server server(https(session_response));
  const auto stripe = client_for(server.url());
  outcome answer;
  sr::async_return_handler(*stripe).handle("session_id=cs_test_a1", order(), into(answer));
  driver_.run_until([&] { return answer.has_value(); });
  ASSERT_TRUE(*answer);
  EXPECT_EQ((*answer)->state(), order_state::paid);
}

TEST_F(AsyncReturnHandler, IsCanceledByWhatItGives) {
  const loopback::https_server server(
      https(loopback::always(loopback::fault::stall_before_response)));
  const auto stripe = client_for(server.url());
  const sr::async_return_handler on_return(*stripe);
  outcome answer;
  const auto pending = on_return.handle("session_id=cs_test_a1", order(), into(answer));
  driver_.run_until([&] { return server.requests() == 1; });
  pending.cancel();
  driver_.run_until([&] { return answer.has_value(); });
  EXPECT_EQ(error_code_of(*answer), code::canceled);
}

// cs_test_c1 continues b1, which continues a1.
TEST_F(AsyncReturnHandler, FollowsTheSessionsThatItsOwnWasRecoveredFrom) {
  const loopback::https_server server(https([](const auto& asked) {
    auto answer = session_response(asked);
    const std::string id = asked.target.substr(asked.target.find("cs_test_"), 10);
    session_json json;
    json.set("id", quoted(id));
    if (id[8] > 'a') {
      json.set("recovered_from",
               quoted("cs_test_" + std::string(1, static_cast<char>(id[8] - 1)) + '1'));
    }
    answer.body = json.text();
    return answer;
  }));
  const auto stripe = client_for(server.url());
  const sr::async_return_handler on_return(*stripe);
  sr::expected_order expected = order();
  for (const auto& [issued, fulfilled] :
       {std::pair{"cs_test_a1", true}, {"cs_test_b1", true}, {"cs_test_z1", false}}) {
    expected.session_ids = {issued};
    const auto paid = handle(on_return, "session_id=cs_test_c1", expected);
    ASSERT_TRUE(paid) << paid.error().message;
    EXPECT_EQ(paid->may_fulfill("A1"), fulfilled) << issued;
  }
  expected.amounts.clear();
  EXPECT_EQ(error_code_of(handle(on_return, "session_id=cs_test_c1", expected)),
            code::invalid_option);
}

// Answers when the test says so.
class held_transport final : public sr::transport {
public:
  std::uint64_t start(const sr::http_request&, completion done) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    started_.push_back(std::move(done));
    return started_.size();
  }
  void cancel(std::uint64_t) noexcept override {}
  void work_until(std::chrono::steady_clock::time_point time) override {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_until(lock, time, [this] { return woken_; });
    woken_ = false;
  }
  void wake() noexcept override {
    const std::lock_guard<std::mutex> lock(mutex_);
    woken_ = true;
    changed_.notify_all();
  }

  std::size_t started() {
    const std::lock_guard<std::mutex> lock(mutex_);
    return started_.size();
  }
  void answer(std::size_t number, sr::http_response response) {
    completion done;
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      done = started_.at(number);
    }
    done(std::move(response));
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<completion> started_;
  bool woken_ = false;
};

// A callback destroys the client while the answer for another return waits for its turn, which is
// to go on with the session from which its own was recovered.
TEST(AsyncReturnHandlerOnAThread, MayOutliveItsClient) {
  const auto transport = std::make_shared<held_transport>();
  sr::client_options options;
  options.secret_key = "sk_test_1";
  options.requests_per_second = 0;
  auto client = std::make_unique<sr::async_session_client>(options, sr::client_parts{transport});
  const sr::async_return_handler on_return(*client);
  sr::expected_order expected = order();
  expected.session_ids = {"cs_test_first"};
  std::promise<void> inside, answered;
  std::promise<std::string> handled;
  client->retrieve(id_of("cs_test_x"), {}, [&](const auto&) {
    inside.set_value();
    answered.get_future().wait();
    client.reset();
  });
  eventually([&] { return transport->started() == 1; });
  on_return.handle("session_id=cs_test_y", expected, [&](const auto& outcome) {
    handled.set_value(outcome ? "decided" : std::string(to_string(outcome.error().code)));
  });
  eventually([&] { return transport->started() == 2; });
  transport->answer(0, {404, {}, "{}"});
  inside.get_future().wait();
  transport->answer(1, {200,
                        {},
                        session_json()
                            .set("id", quoted("cs_test_y"))
                            .set("recovered_from", quoted("cs_test_old"))
                            .text()});
  answered.set_value();
  EXPECT_EQ(handled.get_future().get(), "canceled");
}

} // namespace
