// A key that may not read PaymentIntents.
#include "scripted_client.hpp"

#include <stripe_return/core/decide.hpp>

#include "unit/core/error_code_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using std::chrono::hours;
using std::chrono::milliseconds;
using testing::ElementsAre;

const std::string plain = "https://api.stripe.com/v1/checkout/sessions/cs_test_a1";
const std::string expanded = plain + "?expand%5B%5D=payment_intent";

bool asks_for_payment_intent(const sr::http_request& request) {
  return request.url.find("payment_intent") != std::string::npos;
}

scripted_client::answer refuse_payment_intent(const sr::http_request& request) {
  return asks_for_payment_intent(request) ? scripted_client::status(403)
                                          : scripted_client::session();
}

TEST(SessionClientPermission, FetchesWithoutThePaymentIntentAndSaysSo) {
  scripted_client stripe(refuse_payment_intent);
  const auto fetched = stripe.retrieve();
  ASSERT_TRUE(fetched);
  EXPECT_FALSE(fetched->payment_intent_permitted);
  EXPECT_THAT(stripe.urls(), ElementsAre(expanded, plain));
  EXPECT_TRUE(sr::decide_unchecked(*fetched).has(sr::reason::payment_intent_not_permitted));
}

TEST(SessionClientPermission, KeepsTheOtherExpansionAndTheHeaders) {
  scripted_client stripe(refuse_payment_intent);
  sr::retrieve_options wanted;
  wanted.line_items = true;
  wanted.account = "acct_2";
  ASSERT_TRUE(stripe.retrieve("cs_test_a1", wanted));
  EXPECT_THAT(stripe.urls(),
              ElementsAre(plain + "?expand%5B%5D=line_items&expand%5B%5D=payment_intent",
                          plain + "?expand%5B%5D=line_items"));
  const auto requests = stripe.transport->requests();
  ASSERT_EQ(requests.back().headers.size(), 2u);
  EXPECT_EQ(requests.back().headers[1].value, "acct_2");
  EXPECT_THAT(stripe.authorizations(), ElementsAre("Bearer sk_test_1", "Bearer sk_test_1"));
}

TEST(SessionClientPermission, RemembersForAnHour) {
  scripted_client stripe(refuse_payment_intent);
  ASSERT_TRUE(stripe.retrieve());
  ASSERT_EQ(stripe.sent(), 2u);

  stripe.clock->advance(hours(1) - milliseconds(1));
  const auto remembered = stripe.retrieve();
  ASSERT_TRUE(remembered);
  EXPECT_FALSE(remembered->payment_intent_permitted);
  EXPECT_THAT(stripe.urls(), ElementsAre(expanded, plain, plain));

  stripe.clock->advance(milliseconds(1));
  ASSERT_TRUE(stripe.retrieve());
  EXPECT_THAT(stripe.urls(), ElementsAre(expanded, plain, plain, expanded, plain));
  ASSERT_TRUE(stripe.retrieve()); // and for an hour again
  EXPECT_EQ(stripe.urls().back(), plain);
  EXPECT_EQ(stripe.sent(), 6u);
}

TEST(SessionClientPermission, SeesThatThePermissionWasGranted) {
  bool granted = false;
  scripted_client stripe([&](const sr::http_request& request) {
    return granted ? scripted_client::session() : refuse_payment_intent(request);
  });
  ASSERT_TRUE(stripe.retrieve());
  granted = true;
  stripe.clock->advance(hours(1));
  const auto fetched = stripe.retrieve();
  ASSERT_TRUE(fetched);
  EXPECT_TRUE(fetched->payment_intent_permitted);
  EXPECT_THAT(stripe.urls(), ElementsAre(expanded, plain, expanded));
}

TEST(SessionClientPermission, ForgetsWithTheKey) {
  scripted_client stripe(refuse_payment_intent);
  ASSERT_TRUE(stripe.retrieve());
  stripe.client.set_secret_key("rk_test_2");
  ASSERT_TRUE(stripe.retrieve());
  EXPECT_THAT(stripe.urls(), ElementsAre(expanded, plain, expanded, plain));
}

// The refusal belongs to the key that was refused, even if its answer comes after the new key.
TEST(SessionClientPermission, DoesNotRememberARefusalOfTheKeyBefore) {
  sr::session_client* client = nullptr;
  bool replaced = false;
  scripted_client stripe([&](const sr::http_request& request) {
    if (!asks_for_payment_intent(request) && !replaced) {
      replaced = true;
      client->set_secret_key("rk_test_2");
    }
    return refuse_payment_intent(request);
  });
  client = &stripe.client;
  ASSERT_TRUE(stripe.retrieve());
  ASSERT_TRUE(stripe.retrieve());
  EXPECT_THAT(stripe.urls(), ElementsAre(expanded, plain, expanded, plain));
}

// A key that may not read sessions either, or has no access to the account: nothing was learnt.
TEST(SessionClientPermission, DoesNotRememberWhenTheSessionIsRefusedToo) {
  scripted_client stripe({scripted_client::status(403)});
  for (int call = 0; call < 2; ++call)
    EXPECT_EQ(error_code_of(stripe.retrieve()), code::permission_denied);
  EXPECT_THAT(stripe.urls(), ElementsAre(expanded, plain, expanded, plain));
}

TEST(SessionClientPermission, ReportsWhatTheSecondRequestMet) {
  struct row {
    scripted_client::answer second;
    code why;
  };
  for (const row& each :
       std::vector<row>{{scripted_client::status(404), code::session_not_found},
                        {scripted_client::status(429), code::rate_limited},
                        {scripted_client::failure(code::tls_wrong_host), code::tls_wrong_host}}) {
    scripted_client stripe([&](const sr::http_request& request) {
      return asks_for_payment_intent(request) ? scripted_client::status(403) : each.second;
    });
    EXPECT_EQ(error_code_of(stripe.retrieve()), each.why);
    EXPECT_EQ(error_code_of(stripe.retrieve()), each.why);
    EXPECT_THAT(stripe.urls(), ElementsAre(expanded, plain, expanded, plain));
  }
}

TEST(SessionClientPermission, ChecksTheSecondAnswerAsWell) {
  scripted_client stripe([](const sr::http_request& request) {
    return asks_for_payment_intent(request)
               ? scripted_client::status(403)
               : scripted_client::session(session_json().set("id", quoted("cs_test_b2")));
  });
  EXPECT_EQ(error_code_of(stripe.retrieve()), code::wrong_session);
}

// Asking twice does not take twice the time.
TEST(SessionClientPermission, KeepsTheDeadlineOverBothRequests) {
  sr::testkit::fake_time* clock = nullptr;
  sr::client_options options = scripted_client::options();
  options.deadline = milliseconds(5000);
  scripted_client stripe(
      [&](const sr::http_request& request) {
        if (asks_for_payment_intent(request)) {
          clock->advance(milliseconds(3800));
          return scripted_client::status(403);
        }
        EXPECT_EQ(request.timeout, milliseconds(1200));
        clock->advance(request.timeout);
        return scripted_client::failure(code::timed_out_waiting);
      },
      options);
  clock = stripe.clock.get();
  EXPECT_EQ(error_code_of(stripe.retrieve()), code::timed_out_waiting);
  EXPECT_EQ(stripe.sent(), 2u);
}

TEST(SessionClientPermission, DoesNotSendTheSecondRequestPastTheDeadline) {
  sr::testkit::fake_time* clock = nullptr;
  scripted_client stripe([&](const sr::http_request&) {
    clock->advance(std::chrono::seconds(10));
    return scripted_client::status(403);
  });
  clock = stripe.clock.get();
  EXPECT_FALSE(stripe.retrieve());
  EXPECT_EQ(stripe.sent(), 1u);
}

} // namespace
