// What session_client sends, and when it sends nothing.
#include "scripted_client.hpp"

#include "unit/core/error_code_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using std::chrono::milliseconds;
using testing::ElementsAre;

std::vector<std::string> lines_of(const sr::http_request& request) {
  std::vector<std::string> lines;
  for (const sr::http_header& header : request.headers)
    lines.push_back(header.name + ": " + header.value);
  return lines;
}

const std::string version_line = "stripe-version: " + std::string(sr::stripe_api_version);

TEST(SessionClientRequest, AsksForTheSessionWithItsPaymentIntent) {
  scripted_client stripe({scripted_client::session()});
  ASSERT_TRUE(stripe.retrieve());
  EXPECT_THAT(stripe.urls(), ElementsAre("https://api.stripe.com/v1/checkout/sessions/cs_test_a1"
                                         "?expand%5B%5D=payment_intent"));
  EXPECT_THAT(stripe.authorizations(), ElementsAre("Bearer sk_test_1"));
  EXPECT_THAT(lines_of(stripe.transport->requests().front()), ElementsAre(version_line));
}

TEST(SessionClientRequest, PinsTheVersionThatThisLibraryWasTestedWith) {
  EXPECT_EQ(sr::stripe_api_version, "2026-09-30.endive");
}

TEST(SessionClientRequest, AsksForTheChargeWhereItIsWanted) {
  scripted_client stripe({scripted_client::session()});
  sr::retrieve_options wanted;
  wanted.latest_charge = true;
  ASSERT_TRUE(stripe.retrieve("cs_test_a1", wanted));
  EXPECT_THAT(stripe.urls(), ElementsAre("https://api.stripe.com/v1/checkout/sessions/cs_test_a1"
                                         "?expand%5B%5D=payment_intent.latest_charge"));
}

TEST(SessionClientRequest, AsksForLineItemsWhereTheyAreWanted) {
  scripted_client stripe({scripted_client::session()});
  sr::retrieve_options wanted;
  wanted.line_items = true;
  ASSERT_TRUE(stripe.retrieve("cs_test_a1", wanted));
  EXPECT_THAT(stripe.urls(), ElementsAre("https://api.stripe.com/v1/checkout/sessions/cs_test_a1"
                                         "?expand%5B%5D=line_items&expand%5B%5D=payment_intent"));
}

TEST(SessionClientRequest, GoesWhereTheOptionsSay) {
  for (const auto& [api_base, url] : std::vector<std::pair<std::string, std::string>>{
           {"https://egress.test:8443/", "https://egress.test:8443/v1/"},
           {"http://127.1:12111", "http://127.0.0.1:12111/v1/"},
           {"http://[::1]:12111", "http://[::1]:12111/v1/"}}) {
    sr::client_options options = scripted_client::options();
    options.api_base = api_base;
    scripted_client stripe({scripted_client::session()}, options);
    ASSERT_TRUE(stripe.retrieve()) << api_base;
    EXPECT_EQ(stripe.urls().front().substr(0, url.size()), url);
  }
}

TEST(SessionClientRequest, AsksOnBehalfOfTheAccountOfTheClientOrOfTheCall) {
  struct row {
    const char* of_client;
    const char* of_call;
    const char* own; // client_options::own_account
    const char* asked;
    const char* named;
    bool of_own_account;
  };
  for (const row& each : std::vector<row>{{"", "", "", "", "", true},
                                          {"acct_1", "", "", "acct_1", "acct_1", true},
                                          {"", "acct_2", "", "acct_2", "acct_2", false},
                                          {"acct_1", "acct_2", "", "acct_2", "acct_2", false},
                                          {"", "", "acct_0", "", "acct_0", true},
                                          {"", "acct_0", "acct_0", "", "acct_0", true},
                                          {"acct_0", "", "acct_0", "", "acct_0", true},
                                          {"acct_1", "acct_0", "acct_0", "", "acct_0", false},
                                          {"", "acct_2", "acct_0", "acct_2", "acct_2", false}}) {
    SCOPED_TRACE(std::string(each.of_client) + "," + each.of_call + "," + each.own);
    sr::client_options options = scripted_client::options();
    options.account = each.of_client;
    options.own_account = each.own;
    scripted_client stripe({scripted_client::session()}, options);
    sr::retrieve_options wanted;
    wanted.account = each.of_call;
    const auto fetched = stripe.retrieve("cs_test_a1", wanted);
    ASSERT_TRUE(fetched);
    // decide() compares it with the order's account.
    EXPECT_EQ(fetched->session.account, each.named);
    EXPECT_EQ(fetched->session.of_own_account, each.of_own_account);
    std::vector<std::string> lines{version_line};
    if (*each.asked != 0) lines.push_back(std::string("stripe-account: ") + each.asked);
    EXPECT_EQ(lines_of(stripe.transport->requests().front()), lines);
  }
}

// https://docs.stripe.com/context
TEST(SessionClientRequest, OfAnOrganizationsKeyNamesTheContext) {
  sr::client_options options = scripted_client::options("sk_org_test_1");
  {
    scripted_client stripe({scripted_client::session()}, options);
    EXPECT_EQ(error_code_of(stripe.retrieve()), code::invalid_option);
    EXPECT_EQ(error_code_of(stripe.client.sessions_since(made_since(1))), code::invalid_option);
    EXPECT_EQ(stripe.sent(), 0u);
  }
  options.account = "acct_1";
  scripted_client stripe({scripted_client::session()}, options);
  const auto fetched = stripe.retrieve();
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(fetched->session.account, "acct_1");
  EXPECT_TRUE(fetched->session.of_own_account);
  EXPECT_EQ(fetched->livemode, sr::livemode::test);
  EXPECT_EQ(lines_of(stripe.transport->requests().front()),
            (std::vector<std::string>{version_line, "stripe-context: acct_1"}));
}

TEST(SessionClientRequest, RefusesAnAnswerOfAnotherAccount) {
  for (const bool listed : {false, true}) {
    scripted_client stripe([&](const sr::http_request&) {
      auto answer = listed ? sr::testkit::stripe_response(200, R"({"object":"list","data":[]})", 1)
                           : *scripted_client::session();
      answer.headers.push_back({"stripe-account", "acct_1"});
      return answer;
    });
    const auto asked = [&](const char* account) {
      if (listed) return error_code_of(stripe.client.sessions_since(made_since(1, {}, account)));
      sr::retrieve_options wanted;
      wanted.account = account;
      return error_code_of(stripe.retrieve("cs_test_a1", wanted));
    };
    EXPECT_EQ(asked("acct_2"), code::account_mismatch);
    EXPECT_NE(asked("acct_1"), code::account_mismatch);
    EXPECT_NE(asked(""), code::account_mismatch); // its own id is not known here
  }
}

// The account of one call must not leak into the next.
TEST(SessionClientRequest, ForgetsTheAccountOfACall) {
  scripted_client stripe({scripted_client::session()});
  sr::retrieve_options wanted;
  wanted.account = "acct_2";
  ASSERT_TRUE(stripe.retrieve("cs_test_a1", wanted));
  ASSERT_TRUE(stripe.retrieve());
  EXPECT_THAT(lines_of(stripe.transport->requests().back()), ElementsAre(version_line));
}

TEST(SessionClientRequest, UsesTheTimeoutsOfTheOptions) {
  scripted_client by_default({scripted_client::session()});
  ASSERT_TRUE(by_default.retrieve());
  EXPECT_EQ(by_default.transport->requests().front().timeout, milliseconds(4000));
  EXPECT_EQ(by_default.transport->requests().front().connect_timeout, milliseconds(2000));

  sr::client_options options = scripted_client::options();
  options.attempt_timeout = milliseconds(1500);
  options.connect_timeout = milliseconds(700);
  scripted_client changed({scripted_client::session()}, options);
  ASSERT_TRUE(changed.retrieve());
  EXPECT_EQ(changed.transport->requests().front().timeout, milliseconds(1500));
  EXPECT_EQ(changed.transport->requests().front().connect_timeout, milliseconds(700));
}

TEST(SessionClientRequest, SendsNothingWithABadConfiguration) {
  struct row {
    const char* what;
    std::function<void(sr::client_options&)> apply;
    code why;
  };
  const std::vector<row> rows{
      {"no key", [](auto& o) { o.secret_key = {}; }, code::missing_secret_key},
      {"pk", [](auto& o) { o.secret_key = "pk_test_1"; }, code::publishable_key},
      {"new line", [](auto& o) { o.secret_key = "sk_test_1\n"; }, code::malformed_secret_key},
      {"deadline", [](auto& o) { o.deadline = milliseconds(0); }, code::invalid_option},
      {"no deadline", [](auto& o) { o.deadline = milliseconds::max(); }, code::invalid_option},
      {"account", [](auto& o) { o.account = "acct_1\r\n"; }, code::invalid_option},
      {"http", [](auto& o) { o.api_base = "http://api.stripe.com"; }, code::invalid_option},
      {"http and proxy",
       [](auto& o) {
         o.api_base = "http://127.0.0.1";
         o.proxy = "http://proxy.test:3128";
       },
       code::invalid_option},
      {"live key elsewhere",
       [](auto& o) {
         o.secret_key = "sk_live_1";
         o.api_base = "https://egress.test";
       },
       code::invalid_option},
  };
  for (const row& each : rows) {
    SCOPED_TRACE(each.what);
    sr::client_options options = scripted_client::options();
    each.apply(options);
    scripted_client stripe({scripted_client::session()}, options);
    for (int call = 0; call < 2; ++call) { // not only the first call finds it
      EXPECT_EQ(error_code_of(stripe.retrieve("cs_a1")), each.why);
      EXPECT_EQ(error_code_of(stripe.client.line_items(id_of("cs_a1"))), each.why);
    }
    EXPECT_EQ(stripe.sent(), 0u);
  }
}

TEST(SessionClientRequest, SendsNothingForABadAccountOfACall) {
  scripted_client stripe({scripted_client::session()});
  for (const char* account : {"acct_1\r\nX-Evil: 1", "cus_1", "acct_", "acct_1 "}) {
    sr::retrieve_options wanted;
    wanted.account = account;
    EXPECT_EQ(error_code_of(stripe.retrieve("cs_test_a1", wanted)), code::invalid_option);
  }
  EXPECT_EQ(stripe.sent(), 0u);
}

TEST(SessionClientRequest, SendsNothingForASessionOfTheOtherMode) {
  for (const char* key : {"sk_live_1", "rk_live_1"}) {
    scripted_client stripe({scripted_client::session()}, scripted_client::options(key));
    EXPECT_EQ(error_code_of(stripe.retrieve("cs_test_a1")), code::test_session_with_live_key);
    EXPECT_EQ(error_code_of(stripe.client.line_items(id_of("cs_test_a1"))),
              code::test_session_with_live_key);
    EXPECT_EQ(stripe.sent(), 0u);
  }
  for (const char* key : {"sk_test_1", "rk_test_1"}) {
    scripted_client stripe({scripted_client::session()}, scripted_client::options(key));
    EXPECT_EQ(error_code_of(stripe.retrieve("cs_live_a1")), code::live_session_with_test_key);
    EXPECT_EQ(error_code_of(stripe.client.line_items(id_of("cs_live_a1"))),
              code::live_session_with_test_key);
    EXPECT_EQ(stripe.sent(), 0u);
  }
}

// Stripe promises nothing about the prefix of an id, so one without a mode is asked for.
TEST(SessionClientRequest, AsksForAnIdThatNamesNoMode) {
  for (const char* key : {"sk_test_1", "sk_live_1"}) {
    scripted_client stripe({scripted_client::status(404)}, scripted_client::options(key));
    EXPECT_EQ(error_code_of(stripe.retrieve("cs_a1")), code::session_not_found);
    EXPECT_EQ(stripe.sent(), 1u);
  }
}

TEST(SessionClientRequest, SendsALiveKeyToTheHostNamedForIt) {
  sr::client_options options = scripted_client::options("sk_live_1");
  options.api_base = "https://egress.test";
  options.live_key_host = "egress.test";
  scripted_client stripe({scripted_client::status(404)}, options);
  EXPECT_EQ(error_code_of(stripe.retrieve("cs_live_a1")), code::session_not_found);
  EXPECT_THAT(stripe.authorizations(), ElementsAre("Bearer sk_live_1"));
}

TEST(SessionClientRequest, UsesANewKeyFromTheNextCallOn) {
  scripted_client stripe({scripted_client::session()});
  ASSERT_TRUE(stripe.retrieve());
  stripe.client.set_secret_key("rk_test_2");
  ASSERT_TRUE(stripe.retrieve());
  EXPECT_THAT(stripe.authorizations(), ElementsAre("Bearer sk_test_1", "Bearer rk_test_2"));

  stripe.client.set_secret_key("");
  EXPECT_EQ(error_code_of(stripe.retrieve()), code::missing_secret_key);
  stripe.client.set_secret_key("sk_live_3");
  EXPECT_EQ(error_code_of(stripe.retrieve()), code::test_session_with_live_key);
  stripe.client.set_secret_key("sk_test_4");
  ASSERT_TRUE(stripe.retrieve());
  EXPECT_EQ(stripe.authorizations().back(), "Bearer sk_test_4");
  EXPECT_EQ(stripe.sent(), 3u);
}

// A retry belongs to the call that began with the old key.
TEST(SessionClientRequest, FinishesACallWithTheKeyItBeganWith) {
  sr::session_client* client = nullptr;
  int sent = 0;
  scripted_client stripe([&](const sr::http_request&) {
    client->set_secret_key("sk_live_2");
    return ++sent == 1 ? scripted_client::status(500) : scripted_client::session();
  });
  client = &stripe.client;
  EXPECT_TRUE(stripe.retrieve());
  EXPECT_THAT(stripe.authorizations(), ElementsAre("Bearer sk_test_1", "Bearer sk_test_1"));
}

TEST(SessionClientRequest, CanBeMoved) {
  scripted_client stripe({scripted_client::session()});
  sr::session_client moved(std::move(stripe.client));
  EXPECT_TRUE(moved.retrieve(id_of("cs_test_a1")));
  sr::session_client assigned(scripted_client::options("pk_test_1"));
  assigned = std::move(moved);
  EXPECT_TRUE(assigned.retrieve(id_of("cs_test_a1")));
  EXPECT_EQ(stripe.sent(), 2u);
}

} // namespace
