#include "scripted_client.hpp"

#include <stripe_return/core/decide.hpp>

#include "unit/core/error_code_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;

session_json expired() {
  return session_json().words("expired", "unpaid");
}

std::string key_of(const sr::http_request& request) {
  EXPECT_EQ(request.headers.back().name, "idempotency-key");
  return request.headers.back().value;
}

TEST(SessionClientExpire, ExpiresASession) {
  scripted_client stripe({scripted_client::session(expired())});
  const auto fetched = stripe.client.expire(id_of("cs_test_a1"));
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(fetched->session.id, "cs_test_a1");
  EXPECT_TRUE(decide_unchecked(*fetched).may_release());
  EXPECT_EQ(fetched->request_id, "req_scripted");

  ASSERT_EQ(stripe.sent(), 1u);
  const sr::http_request request = stripe.transport->requests().front();
  EXPECT_EQ(request.url, "https://api.stripe.com/v1/checkout/sessions/cs_test_a1/expire");
  ASSERT_TRUE(request.form) << "a GET";
  EXPECT_EQ(*request.form, "");
  ASSERT_EQ(request.headers.size(), 2u);
  EXPECT_EQ(request.headers[0].name, "stripe-version");
  EXPECT_EQ(request.headers[0].value, sr::stripe_api_version);
  EXPECT_EQ(key_of(request).find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-"),
            std::string::npos);
  EXPECT_LE(key_of(request).size(), 255u);
}

TEST(SessionClientExpire, AsksOnBehalfOfTheAccountOfTheClientOrOfTheCall) {
  sr::client_options options = scripted_client::options();
  options.account = "acct_1";
  scripted_client stripe({scripted_client::session(expired())}, options);
  const auto own = stripe.client.expire(id_of("cs_test_a1"));
  ASSERT_TRUE(own);
  EXPECT_EQ(own->session.account, "acct_1");
  const auto other = stripe.client.expire(id_of("cs_test_a1"), in_account("acct_2"));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->session.account, "acct_2");
  const auto requests = stripe.transport->requests();
  EXPECT_EQ(requests[0].headers[1].value, "acct_1");
  EXPECT_EQ(requests[1].headers[1].value, "acct_2");
}

// Of two attempts the first may have reached Stripe: by the key the second gets its answer, and not
// that the session is not open any more. A later call is another one.
TEST(SessionClientExpire, HasOneIdempotencyKeyForEachCall) {
  int sent = 0;
  scripted_client stripe([&](const sr::http_request&) {
    return ++sent % 2 == 1 ? scripted_client::failure(code::connection_lost)
                           : scripted_client::session(expired());
  });
  std::set<std::string> keys;
  for (int call = 0; call < 50; ++call) {
    ASSERT_TRUE(stripe.client.expire(id_of("cs_test_a1")));
    const auto requests = stripe.transport->requests();
    const std::size_t last = requests.size() - 1;
    EXPECT_EQ(key_of(requests[last]), key_of(requests[last - 1]));
    EXPECT_EQ(requests[last].form, requests[last - 1].form);
    EXPECT_TRUE(keys.insert(key_of(requests[last])).second);
  }
}

TEST(SessionClientExpire, TypesItsErrors) {
  sr::http_response replayed = sr::testkit::stripe_response(500, "{}", 1);
  replayed.headers.push_back({"idempotent-replayed", "true"});
  struct row {
    scripted_client::answer answer;
    code why;
  };
  for (const row& each : std::vector<row>{
           // What Stripe answers where the session is complete or expired has no code.
           {sr::testkit::stripe_response(400, R"({"error":{"type":"invalid_request_error"}})", 1),
            code::bad_request},
           {scripted_client::status(404), code::session_not_found},
           {scripted_client::status(500), code::stripe_unavailable},
           // The next call has another key.
           {replayed, code::stripe_unavailable},
           {scripted_client::failure(code::connection_refused), code::connection_refused},
           {scripted_client::session(expired().set("id", quoted("cs_test_b2"))),
            code::wrong_session},
           {scripted_client::session(expired().set("livemode", "true")), code::livemode_mismatch},
           {scripted_client::session(expired().drop("object")), code::wrong_object}}) {
    scripted_client stripe({each.answer});
    EXPECT_EQ(error_code_of(stripe.client.expire(id_of("cs_test_a1"))), each.why);
  }
}

TEST(SessionClientExpire, SendsNothingWithABadConfiguration) {
  scripted_client stripe({scripted_client::session(expired())},
                         scripted_client::options("sk_live_1"));
  EXPECT_EQ(error_code_of(stripe.client.expire(id_of("cs_test_a1"))),
            code::test_session_with_live_key);
  EXPECT_EQ(error_code_of(stripe.client.expire(id_of("cs_live_a1"), in_account("acct_\n"))),
            code::invalid_option);
  EXPECT_EQ(stripe.sent(), 0u);
}

} // namespace
