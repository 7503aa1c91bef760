#include "shop.hpp"

#include <stripe_return/fake_stripe/fake_stripe_server.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include <gtest/gtest.h>

#include <condition_variable>
#include <ctime>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace sr = stripe_return;
using json = nlohmann::json;

// A shop's webhook endpoint. It answers what it was told to, then 200.
class receiver {
public:
  struct received {
    std::string body;
    std::string signature;
  };

  receiver() {
    server_.Post("/hook", [this](const httplib::Request& request, httplib::Response& response) {
      const std::lock_guard<std::mutex> lock(mutex_);
      received_.push_back({request.body, request.get_header_value("Stripe-Signature")});
      if (answers_.empty()) return;
      response.status = answers_.front();
      answers_.pop_front();
      if (response.status == 302) response.set_header("Location", "/hook");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
    while (!server_.is_running())
      std::this_thread::yield();
  }
  ~receiver() {
    server_.stop();
    thread_.join();
  }

  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_) + "/hook"; }
  void answer(std::deque<int> statuses) {
    const std::lock_guard<std::mutex> lock(mutex_);
    answers_ = std::move(statuses);
  }
  std::vector<received> all() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return received_;
  }
  // "completed:1 expired:2": the type's last word, and which of the sessions.
  std::string story(const std::vector<json>& sessions) const {
    std::string text;
    for (const received& each : all()) {
      const json event = json::parse(each.body);
      const std::string type = event.at("type");
      for (std::size_t i = 0; i < sessions.size(); ++i) {
        if (event.at("data").at("object").at("id") != sessions[i].at("id")) continue;
        text += (text.empty() ? "" : " ") + type.substr(type.rfind('.') + 1) + ":" +
                std::to_string(i + 1);
      }
    }
    return text;
  }

private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  mutable std::mutex mutex_;
  std::deque<int> answers_;
  std::vector<received> received_;
};

class Webhooks : public testing::Test {
protected:
  static sr::fake_stripe_server_options options(const receiver& shop) {
    sr::fake_stripe_server_options made;
    made.webhook_url = shop.url();
    made.webhook_secret = "whsec_test";
    return made;
  }

  // After at least one more attempt for each that was not delivered yet.
  json flushed() const { return shop_.commanded("/webhooks/flush").at("data"); }
  json flushed_until(const std::string& state) const {
    json deliveries = flushed();
    while (deliveries.at(0).at("state") != state)
      deliveries = flushed();
    return deliveries;
  }

  receiver receiver_;
  sr::fake_stripe_server stripe_{options(receiver_)};
  shop shop_{stripe_.url()};
};

TEST_F(Webhooks, AreGenuineToTheVerifier) {
  const json paid = shop_.apply(shop_.create(), "pay");
  const json deliveries = flushed();
  EXPECT_EQ(deliveries.at(0).at("state"), "delivered");
  EXPECT_EQ(deliveries.at(0).at("session"), paid.at("id"));
  ASSERT_EQ(receiver_.all().size(), 1u);
  const receiver::received got = receiver_.all().front();
  const sr::webhook_verifier verifier({{"test", "whsec_test"}}, sr::livemode::test);
  const auto event = verifier.verify(got.body, got.signature, std::time(nullptr));
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_EQ(event->type, sr::event_type::checkout_session_completed);
  EXPECT_EQ(event->relevance, sr::event_relevance::handled);
  EXPECT_EQ(event->session->id, paid.at("id"));
  EXPECT_EQ(event->session->payment_status.raw(), "paid");
  const sr::webhook_verifier another({{"test", "whsec_other"}}, sr::livemode::test);
  EXPECT_FALSE(another.verify(got.body, got.signature, std::time(nullptr)));
}

TEST_F(Webhooks, AreSignedByTheComputersTimeWhereverTheClockIs) {
  const json made = shop_.create();
  shop_.commanded("/clock", {{"advance", 24 * 60 * 60}});
  flushed();
  ASSERT_EQ(receiver_.story({made}), "expired:1");
  const receiver::received got = receiver_.all().front();
  const sr::webhook_verifier verifier({{"test", "whsec_test"}}, sr::livemode::test);
  EXPECT_TRUE(verifier.verify(got.body, got.signature, std::time(nullptr)));
}

TEST_F(Webhooks, TellEveryStepInOrder) {
  const json first = shop_.apply(shop_.create(), "pay_later");
  const json second = shop_.apply(shop_.create(), "pay_later");
  shop_.apply(second, "fail");
  shop_.apply(first, "succeed");
  flushed();
  EXPECT_EQ(receiver_.story({first, second}),
            "completed:1 completed:2 async_payment_failed:2 async_payment_succeeded:1");
}

TEST_F(Webhooks, AreTriedAgainUntilTheyAreTaken) {
  receiver_.answer({500, 302});
  const json paid = shop_.apply(shop_.create(), "pay");
  const json delivered = flushed_until("delivered");
  const json& attempts = delivered.at(0).at("attempts");
  ASSERT_EQ(attempts.size(), 3u);
  EXPECT_EQ(attempts.at(0).at("status"), 500);
  EXPECT_EQ(attempts.at(1).at("status"), 302); // a redirect is a failure, and is not followed
  EXPECT_EQ(attempts.at(2).at("status"), 200);
  EXPECT_EQ(receiver_.story({paid}), "completed:1 completed:1 completed:1");
  const json event = shop_.read("/v1/events").at("data").at(0);
  EXPECT_EQ(event.at("pending_webhooks"), 0);
}

TEST_F(Webhooks, AreGivenUpAfterFourAttempts) {
  receiver_.answer({500, 500, 500, 500});
  shop_.apply(shop_.create(), "pay");
  EXPECT_EQ(flushed_until("failed").at(0).at("attempts").size(), 4u);
  EXPECT_EQ(receiver_.all().size(), 4u);
  EXPECT_EQ(shop_.read("/v1/events?delivery_success=false").at("data").size(), 1u);
}

TEST_F(Webhooks, AreTriedAgainByTheClock) {
  receiver_.answer({500});
  shop_.apply(shop_.create(), "pay");
  while (shop_.look("/webhooks").at("data").at(0).at("attempts").empty())
    std::this_thread::yield();
  shop_.commanded("/clock", {{"advance", 10 * 60}});
  while (shop_.look("/webhooks").at("data").at(0).at("state") != "delivered")
    std::this_thread::yield();
}

TEST_F(Webhooks, ComeTwiceOnCommand) {
  shop_.commanded("/webhooks", {{"duplicate", 1}});
  const json first = shop_.apply(shop_.create(), "pay");
  const json second = shop_.apply(shop_.create(), "pay");
  flushed();
  EXPECT_EQ(receiver_.story({first, second}), "completed:1 completed:1 completed:2");
  const auto got = receiver_.all();
  EXPECT_EQ(got.at(0).body, got.at(1).body);
}

TEST_F(Webhooks, ChangePlacesOnCommand) {
  shop_.commanded("/webhooks", {{"reorder", 2}});
  const json made = shop_.apply(shop_.create(), "pay_later");
  shop_.apply(made, "succeed");
  flushed();
  EXPECT_EQ(receiver_.story({made}), "async_payment_succeeded:1 completed:1");
}

TEST_F(Webhooks, AreLostOnCommandButNotTheEvents) {
  shop_.commanded("/webhooks", {{"lose", 1}});
  const json first = shop_.apply(shop_.create(), "pay");
  const json second = shop_.apply(shop_.create(), "pay");
  EXPECT_EQ(flushed().at(0).at("state"), "lost");
  EXPECT_EQ(receiver_.story({first, second}), "completed:2");
  EXPECT_EQ(shop_.read("/v1/events?type=checkout.session.completed").at("data").size(), 2u);
}

TEST_F(Webhooks, AreDelayedOnCommand) {
  shop_.commanded("/webhooks", {{"delay", 1000000}});
  const json made = shop_.apply(shop_.create(), "pay");
  EXPECT_EQ(shop_.look("/webhooks").at("data").at(0).at("state"), "pending");
  EXPECT_EQ(shop_.read("/v1/events").at("data").at(0).at("pending_webhooks"), 1);
  EXPECT_TRUE(receiver_.all().empty());
  flushed();
  EXPECT_EQ(receiver_.story({made}), "completed:1");
}

TEST_F(Webhooks, GoWhereTheyAreSent) {
  const receiver another;
  shop_.commanded("/webhooks", {{"url", another.url()}, {"secret", "whsec_other"}});
  const json made = shop_.apply(shop_.create(), "pay");
  flushed();
  EXPECT_EQ(another.story({made}), "completed:1");
  EXPECT_TRUE(receiver_.all().empty());
  shop_.commanded("/webhooks", {{"url", ""}});
  shop_.apply(shop_.create(), "pay");
  EXPECT_EQ(flushed().size(), 1u);
  EXPECT_EQ(shop_.command("/webhooks", {{"url", "http://192.0.2.1/"}})->status, 400);
  EXPECT_EQ(shop_.command("/webhooks", {{"url", another.url()}, {"secret", ""}})->status, 400);
  EXPECT_EQ(shop_.command("/webhooks", {{"lose", -1}})->status, 400);
}

TEST_F(Webhooks, GoNowhereIfNobodyListens) {
  {
    const receiver gone;
    shop_.commanded("/webhooks", {{"url", gone.url()}});
  }
  shop_.apply(shop_.create(), "pay");
  const json failed = flushed_until("failed");
  EXPECT_TRUE(failed.at(0).at("attempts").at(0).at("status").is_null());
}

TEST(WebhookSender, EndsWhileAReceiverIsSilent) {
  std::mutex mutex;
  std::condition_variable changed;
  bool asked = false;
  bool done = false;
  httplib::Server silent;
  silent.Post("/", [&](const httplib::Request&, httplib::Response&) {
    std::unique_lock<std::mutex> lock(mutex);
    asked = true;
    changed.notify_all();
    changed.wait(lock, [&] { return done; });
  });
  const int port = silent.bind_to_any_port("127.0.0.1");
  std::thread listening([&] { silent.listen_after_bind(); });
  while (!silent.is_running())
    std::this_thread::yield();
  {
    sr::fake_stripe_server_options options;
    options.webhook_url = "http://127.0.0.1:" + std::to_string(port) + "/";
    options.webhook_secret = "whsec_test";
    const sr::fake_stripe_server stripe(options);
    const shop shop(stripe.url());
    shop.apply(shop.create(), "pay");
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [&] { return asked; });
  } // the answer comes only after this
  {
    const std::lock_guard<std::mutex> lock(mutex);
    done = true;
    changed.notify_all();
  }
  silent.stop();
  listening.join();
}

} // namespace
