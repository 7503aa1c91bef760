#include "an_order.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>
#include <stripe_return/fulfillment/async_fulfillment.hpp>
#include <stripe_return/fulfillment/memory_store.hpp>
#include <stripe_return/testkit/session_builder.hpp>
#include <stripe_return/testkit/webhook_signer.hpp>

#include <gtest/gtest.h>

#include <condition_variable>
#include <ctime>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace {

namespace sr = stripe_return;

// A thread that does what it is given, one after the other.
class work_thread {
public:
  work_thread() : thread_([this] { run(); }) {}
  ~work_thread() {
    post({});
    thread_.join();
  }

  void post(std::function<void()> work) {
    const std::lock_guard<std::mutex> lock(mutex_);
    work_.push_back(std::move(work));
    changed_.notify_one();
  }
  std::thread::id id() const { return thread_.get_id(); }

private:
  void run() {
    while (true) {
      std::unique_lock<std::mutex> lock(mutex_);
      changed_.wait(lock, [this] { return !work_.empty(); });
      const std::function<void()> next = std::move(work_.front());
      work_.pop_front();
      lock.unlock();
      if (!next) return;
      next();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> work_;
  std::thread thread_;
};

class AsyncFulfillment : public testing::Test {
protected:
  static sr::client_options options(const std::string& url) {
    sr::client_options options;
    options.secret_key = "sk_test_1";
    options.api_base = url;
    return options;
  }

  static sr::fulfillment_options with(const sr::webhook_verifier& verifier) {
    sr::fulfillment_options options;
    options.verifier = &verifier;
    return options;
  }

  // What `entry` calls back with, on the loop's thread.
  template <class Answer, class Entry> Answer answer_of(Entry entry) {
    std::mutex mutex;
    std::condition_variable changed;
    std::optional<Answer> answer;
    const auto done = [&](Answer given) {
      EXPECT_EQ(std::this_thread::get_id(), loop_.id());
      const std::lock_guard<std::mutex> lock(mutex);
      EXPECT_FALSE(answer);
      answer.emplace(std::move(given));
      changed.notify_one();
    };
    loop_.post([&] { entry(done); });
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return answer.has_value(); });
    return *std::move(answer);
  }

  sr::result<sr::return_answer> on_return(const std::string& query) {
    return answer_of<sr::result<sr::return_answer>>(
        [&](auto done) { async_.on_return(query, "A1", done); });
  }

  sr::fake_stripe_server fake_;
  sr::session_client blocking_client_{options(fake_.url())};
  sr::async_session_client client_{options(fake_.url())};
  sr::memory_store store_;
  sr::webhook_verifier verifier_{{{"one", "whsec_test"}}, sr::livemode::test};
  sr::fulfillment desk_{blocking_client_, store_,
                        [](const sr::fulfil_task&) { return sr::fulfil_result::done; },
                        with(verifier_)};
  work_thread loop_;
  work_thread pool_;
  sr::async_fulfillment async_{desk_, client_,
                               [this](std::function<void()> work) { pool_.post(std::move(work)); },
                               [this](std::function<void()> work) { loop_.post(std::move(work)); }};
};

TEST_F(AsyncFulfillment, TakesAnOrderFromItsBeginToItsEnd) {
  sr::checkout_parameters parameters;
  parameters.line_items = {{"Tea", sr::money(400, "cny"), 1}};
  parameters.success_url = "https://shop.test/return?session_id={CHECKOUT_SESSION_ID}";
  const auto opened = answer_of<sr::result<sr::opened_checkout>>(
      [&](auto done) { async_.open_checkout(expected_order_a1(), parameters, done); });
  ASSERT_TRUE(opened) << opened.error().message;
  const std::string query = "session_id=" + opened->session_id;
  EXPECT_EQ(on_return(query)->view->state, sr::order_state::awaiting_payment);

  const std::string body = sr::testkit::session_builder()
                               .paid()
                               .id(opened->session_id)
                               .out_trade_no("A1")
                               .event("checkout.session.completed");
  const auto told = answer_of<sr::webhook_answer>([&](auto done) {
    async_.on_webhook(body, sr::testkit::sign_webhook(body, "whsec_test", std::time(nullptr)),
                      done);
  });
  EXPECT_EQ(told.http_status, 200);
  EXPECT_EQ(told.out_trade_no, "A1");
  EXPECT_EQ(on_return(query)->view->state, sr::order_state::paid); // from the store
  const auto view = answer_of<sr::result<std::optional<sr::customer_view>>>(
      [&](auto done) { async_.view("A1", done); });
  EXPECT_EQ(view.value()->state, sr::order_state::paid);
  const auto closed =
      answer_of<sr::result<sr::closing>>([&](auto done) { async_.close_order("A1", done); });
  EXPECT_EQ(closed.value(), sr::closing::not_yet);
  const auto resolved = answer_of<sr::result<bool>>(
      [&](auto done) { async_.resolve("A1", sr::review_verdict::accept, "ada", "", done); });
  EXPECT_FALSE(resolved.value());
  const auto expected = answer_of<sr::result<sr::customer_view>>(
      [&](auto done) { async_.expect(expected_order_a1(), done); });
  EXPECT_EQ(expected->state, sr::order_state::paid);
}

TEST_F(AsyncFulfillment, TellsEachFailure) {
  EXPECT_EQ(on_return("").error().code, sr::error_code::missing_session_id);
  EXPECT_EQ(on_return("session_id=cs_test_none").error().code, sr::error_code::session_not_found);
}

} // namespace
