// The library against the fake Stripe.
#include "shop.hpp"

#include <stripe_return/core/decide.hpp>
#include <stripe_return/fake_stripe/fake_stripe_server.hpp>
#include <stripe_return/stripe_return.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace {

namespace sr = stripe_return;
using json = nlohmann::json;
using code = sr::error_code;

class SessionClient : public testing::Test {
protected:
  sr::client_options options(int retries = 0) const {
    sr::client_options options;
    options.secret_key = "sk_test_shop";
    options.api_base = stripe_.url();
    options.retry.max_retries = retries;
    return options;
  }

  sr::result<sr::observation> retrieve(const json& session) const {
    return sr::session_client(options()).retrieve(id_of(session));
  }

  // "state next_step", of the order that the session names.
  std::string outcome_of(const json& session) const {
    const sr::result<sr::observation> fetched = retrieve(session);
    if (!fetched) return std::string(to_string(fetched.error().code));
    sr::expected_order order;
    order.out_trade_no = "A1";
    order.amounts = {{fetched->session.amount_total.value_or(-1), "cny"}};
    const sr::order_outcome outcome = sr::decide(*fetched, order);
    return std::string(to_string(outcome.state())) + (outcome.may_fulfill("A1") ? " fulfill" : "") +
           (outcome.may_release() ? " release" : "");
  }

  code error_of(const json& session) const {
    const sr::result<sr::observation> fetched = retrieve(session);
    return fetched ? code{} : fetched.error().code;
  }

  static sr::session_id id_of(const json& session) {
    return *sr::session_id::parse(session.at("id").get<std::string>());
  }

  sr::fake_stripe_server stripe_;
  shop shop_{stripe_.url()};
};

TEST_F(SessionClient, DecidesThroughEveryState) {
  const json paid = shop_.create();
  EXPECT_EQ(outcome_of(paid), "awaiting_payment");
  shop_.apply(paid, "decline");
  EXPECT_EQ(outcome_of(paid), "awaiting_payment");
  shop_.apply(paid, "pay");
  EXPECT_EQ(outcome_of(paid), "paid fulfill");

  const json later = shop_.apply(shop_.create(), "pay_later");
  EXPECT_EQ(outcome_of(later), "processing");
  shop_.apply(later, "succeed");
  EXPECT_EQ(outcome_of(later), "paid fulfill");

  const json failed = shop_.apply(shop_.create(), "pay_later");
  shop_.apply(failed, "fail");
  EXPECT_EQ(outcome_of(failed), "failed release");

  const json free = shop_.create("&line_items[0][price_data][unit_amount]=0");
  EXPECT_EQ(outcome_of(free), "awaiting_payment");
  shop_.apply(free, "pay");
  EXPECT_EQ(outcome_of(free), "no_payment_required fulfill");

  const json expired = shop_.create();
  shop_.commanded("/clock", {{"advance", 24 * 60 * 60}});
  EXPECT_EQ(outcome_of(expired), "expired release");
}

TEST_F(SessionClient, TellsTheTimeOfTheFakeClock) {
  const json made = shop_.create();
  shop_.commanded("/clock", {{"advance", 5000}});
  const sr::result<sr::observation> fetched = retrieve(made);
  ASSERT_TRUE(fetched);
  EXPECT_GE(fetched->time, made.at("created").get<sr::unix_seconds>() + 5000);
  EXPECT_EQ(fetched->clock, sr::clock_source::stripe);
  EXPECT_EQ(fetched->request_id.rfind("req_", 0), 0u);
}

TEST_F(SessionClient, ReadsLineItems) {
  const json made = shop_.create();
  const auto page = sr::session_client(options()).line_items(id_of(made));
  ASSERT_TRUE(page);
  ASSERT_EQ(page->data.size(), 1u);
  EXPECT_EQ(page->data[0].description, "Tea");
  EXPECT_EQ(page->data[0].amount_total, 400);
  EXPECT_FALSE(page->has_more);
}

TEST_F(SessionClient, NamesEachFailure) {
  EXPECT_EQ(error_of({{"id", "cs_test_x"}}), code::session_not_found);
  const json made = shop_.create();
  const auto after = [&](const json& fault) {
    shop_.commanded("/faults", fault);
    return error_of(made);
  };
  EXPECT_EQ(after({{"kind", "status"}, {"status", 409}}), code::conflict);
  EXPECT_EQ(after({{"kind", "status"}, {"status", 424}}), code::dependency_failed);
  EXPECT_EQ(after({{"kind", "status"}, {"status", 429}}), code::rate_limited);
  EXPECT_EQ(after({{"kind", "status"}, {"status", 429}, {"code", "lock_timeout"}}),
            code::lock_timeout);
  EXPECT_EQ(after({{"kind", "status"}, {"status", 500}}), code::stripe_unavailable);
  EXPECT_EQ(after({{"kind", "status"}, {"status", 503}}), code::stripe_unavailable);
  EXPECT_EQ(after({{"kind", "cut"}}), code::connection_lost);
}

TEST_F(SessionClient, SeesAWrongKey) {
  sr::fake_stripe_server_options strict;
  strict.secret_key = "sk_test_another";
  const sr::fake_stripe_server other(strict);
  sr::client_options wrong = options();
  wrong.api_base = other.url();
  const auto fetched =
      sr::session_client(wrong).retrieve(*sr::session_id::parse("cs_test_anything"));
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, code::unauthorized);
}

TEST_F(SessionClient, DoesNotWaitForAStalledAnswer) {
  const json made = shop_.create();
  sr::client_options impatient = options();
  impatient.attempt_timeout = std::chrono::milliseconds(200);
  for (const char* kind : {"stall", "latency"}) {
    json fault = {{"kind", kind}};
    if (std::string(kind) == "latency") fault["latency_ms"] = 1000000;
    shop_.commanded("/faults", fault);
    const auto fetched = sr::session_client(impatient).retrieve(id_of(made));
    ASSERT_FALSE(fetched);
    EXPECT_EQ(fetched.error().code,
              std::string(kind) == "stall" ? code::timed_out_receiving : code::timed_out_waiting);
  }
}

TEST_F(SessionClient, GetsTheAnswerByTryingAgain) {
  const json made = shop_.create();
  shop_.commanded("/faults", {{"kind", "status"}, {"status", 500}});
  shop_.commanded("/faults", {{"kind", "cut"}});
  const auto fetched = sr::session_client(options(2)).retrieve(id_of(made));
  ASSERT_TRUE(fetched);
  EXPECT_EQ(fetched->session.id, made.at("id"));
}

TEST_F(SessionClient, DoesWithoutThePaymentIntentThatItMayNotRead) {
  const json made = shop_.create();
  shop_.commanded("/faults", {{"kind", "status"}, {"status", 403}});
  const auto fetched = retrieve(made);
  ASSERT_TRUE(fetched);
  EXPECT_FALSE(fetched->payment_intent_permitted);
}

TEST_F(SessionClient, SendsItsVersionAndAccount) {
  shop_.commanded("/accounts", {{"id", "acct_connected"}});
  const json made = shop_.create();
  sr::retrieve_options connected;
  connected.account = "acct_connected";
  const auto fetched = sr::session_client(options()).retrieve(id_of(made), connected);
  ASSERT_FALSE(fetched); // it is of the other account
  EXPECT_EQ(fetched.error().code, sr::error_code::session_not_found);
  const json last = shop_.look("/requests").at("data").back();
  EXPECT_EQ(last.at("stripe_version"), "2026-09-30.endive");
  EXPECT_EQ(last.at("stripe_account"), "acct_connected");
  EXPECT_EQ(last.at("path"), shop::path_of(made));
}

} // namespace
