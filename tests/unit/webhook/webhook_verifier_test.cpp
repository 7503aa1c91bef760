#include <stripe_return/core/decide.hpp>
#include <stripe_return/webhook/webhook_verifier.hpp>

#include "data/data_file.hpp"
#include "webhook/hmac.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

namespace {

namespace sr = stripe_return;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr sr::unix_seconds signed_at = 1700000000;
const std::string small_event = R"({"id":"evt_test_webhook","object":"event"})";

std::string hex(const sr::mac& bytes) {
  std::string text;
  for (const unsigned char byte : bytes) {
    text += "0123456789abcdef"[byte / 16];
    text += "0123456789abcdef"[byte % 16];
  }
  return text;
}

std::string sign(const std::string& secret, sr::unix_seconds time, const std::string& body) {
  return hex(*sr::hmac_sha256().of(secret, std::to_string(time) + ".", body));
}

std::string header(sr::unix_seconds time, const std::string& signature) {
  return "t=" + std::to_string(time) + ",v1=" + signature;
}

std::string event_of(const std::string& type, const std::string& object,
                     const std::string& more = R"("livemode":false)") {
  return R"({"id":"evt_1","object":"event","api_version":"2026-09-30.endive","created":1700000000,)"
         R"("data":{"object":)" +
         object + R"(,"previous_attributes":null},"pending_webhooks":1,"request":{"id":null},)" +
         more + R"(,"type":")" + type + R"("})";
}

sr::webhook_verifier verifier(std::vector<sr::endpoint_secret> secrets,
                              sr::webhook_options options = {}) {
  return sr::webhook_verifier(std::move(secrets), sr::livemode::test, std::move(options));
}

const std::vector<sr::endpoint_secret> one_secret = {{"current", "whsec_test_secret"}};

struct vector {
  sr::unix_seconds time;
  std::string secret;
  std::string body;
  std::string mac;
};

const vector vectors[] = {
    {1700000000, "whsec_test_secret", small_event,
     "d95c6b7477fbd7e9f90b1b0ef5f9c7ac25abca5382460e0d988c2b2a5b71b990"},
    {1700000000, "whsec_test_secret", small_event + "\n",
     "9923dc73ef0f23463036fb372b5147b2f5e67af0825716e08d96bde06e95f1a8"},
    {1700000000, "whsec_test_secret_rolled_key", small_event,
     "7548122dce5e2b728b67327c07959ace6ce459f5ca13822932dac476fc4e0005"},
    {1700000000, "whsec_test_secret", "",
     "316b9ab98c15bfa039d243f3196acee619cf29749a91a634e6a8154e2f7b6727"},
    {1700000000, "whsec_test_secret", "{\"id\":\"evt_1\",\"object\":\"event\",\"n\":\"Zoë ☃ 😀\"}",
     "c7ccf821dc7d8129880d2b34df62ac5f65bd78fd39b0873d6c78785f5b699847"},
    {12345, "whsec_test_secret", "{\n  \"id\": \"evt_test_webhook\",\n  \"object\": \"event\"\n}",
     "2672d138c9a412830f3bfe2ecc5bfb3277cf6f5b49d0119d77dd6cb64da1257e"},
};

TEST(WebhookVerifier, AgreesWithStripesOwnClients) {
  for (const vector& each : vectors) {
    EXPECT_EQ(sign(each.secret, each.time, each.body), each.mac);
    const auto event = verifier({{"current", each.secret}})
                           .verify(each.body, header(each.time, each.mac), each.time);
    if (each.body.empty()) {
      EXPECT_EQ(event.error().code, sr::error_code::not_json);
    } else {
      EXPECT_TRUE(event) << each.body;
    }
  }
}

TEST(WebhookVerifier, TriesEverySignatureWithEverySecret) {
  const std::string good = vectors[0].mac;
  const std::string rolled = vectors[2].mac;
  const std::vector<sr::endpoint_secret> both = {{"current", "whsec_test_secret_rolled_key"},
                                                 {"previous", "whsec_test_secret"}};
  const std::string zeros(64, '0');
  for (const std::string& value :
       {good, rolled, zeros + ",v1=" + good, good + ",v1=bad_signature", good + ",v1=" + rolled}) {
    EXPECT_TRUE(verifier(both).verify(small_event, header(signed_at, value), signed_at)) << value;
  }
  EXPECT_TRUE(verifier(one_secret)
                  .verify(small_event, header(signed_at, rolled + ",v1=" + good), signed_at));
}

TEST(WebhookVerifier, RefusesWhatIsNotSignedSo) {
  const std::string good = vectors[0].mac;
  const auto refuse = [](const std::string& body, const std::string& given) {
    const auto event = verifier(one_secret).verify(body, given, signed_at);
    return event ? std::string("accepted") : std::string(to_string(event.error().code));
  };
  EXPECT_EQ(refuse(small_event, ""), "not_signed");
  EXPECT_EQ(refuse(small_event, "t=" + std::to_string(signed_at)), "signature_mismatch");
  EXPECT_EQ(refuse(small_event, "t=1700000000,v0=" + good), "signature_mismatch");
  EXPECT_EQ(refuse(small_event, "t=1700000001,v1=" + good), "signature_mismatch");
  EXPECT_EQ(refuse(small_event, header(signed_at, vectors[2].mac)), "signature_mismatch");
  EXPECT_EQ(refuse(small_event + " ", header(signed_at, good)), "signature_mismatch");
}

TEST(WebhookVerifier, SaysThatNoSignatureIsThere) {
  const auto message = [](const std::string& given) {
    return verifier(one_secret).verify(small_event, given, signed_at).error().message;
  };
  const std::string none = message("t=1700000000");
  EXPECT_THAT(none, HasSubstr("scheme v1"));
  EXPECT_EQ(message("t=1700000000,v0=" + vectors[0].mac), none);
  EXPECT_NE(message(header(signed_at, vectors[2].mac)), none);
}

TEST(WebhookVerifier, OneFlippedBitNeverVerifies) {
  const std::string given = header(signed_at, vectors[0].mac);
  for (std::size_t bit = 0; bit != small_event.size() * 8; ++bit) {
    std::string body = small_event;
    body[bit / 8] = static_cast<char>(body[bit / 8] ^ (1 << (bit % 8)));
    const auto event = verifier(one_secret).verify(body, given, signed_at);
    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().code, sr::error_code::signature_mismatch);
  }
  const sr::mac good = *sr::hmac_sha256().of("whsec_test_secret", "1700000000.", small_event);
  for (std::size_t bit = 0; bit != good.size() * 8; ++bit) {
    sr::mac forged = good;
    forged[bit / 8] = static_cast<unsigned char>(forged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(
        verifier(one_secret).verify(small_event, header(signed_at, hex(forged)), signed_at))
        << bit;
  }
}

TEST(WebhookVerifier, AllowsTheToleranceInBothDirections) {
  const std::string given = header(signed_at, vectors[0].mac);
  const auto at = [&](sr::unix_seconds now, sr::webhook_options options = {}) {
    const auto event = verifier(one_secret, options).verify(small_event, given, now);
    return event ? std::string("accepted") : std::string(to_string(event.error().code));
  };
  EXPECT_EQ(at(signed_at + 300), "accepted");
  EXPECT_EQ(at(signed_at + 301), "signature_too_old");
  EXPECT_EQ(at(signed_at - 300), "accepted");
  EXPECT_EQ(at(signed_at - 301), "signature_in_future");
  sr::webhook_options short_tolerance;
  short_tolerance.tolerance = std::chrono::seconds(0);
  EXPECT_EQ(at(signed_at, short_tolerance), "accepted");
  EXPECT_EQ(at(signed_at + 1, short_tolerance), "signature_too_old");
  EXPECT_EQ(at(INT64_MAX), "signature_too_old");
  EXPECT_EQ(at(INT64_MIN), "signature_in_future");
}

TEST(WebhookVerifier, ChecksNoTimeOnlyByItsOwnName) {
  const vector& old = vectors[5];
  EXPECT_TRUE(verifier(one_secret).verify_without_time_check(old.body, header(old.time, old.mac)));
  EXPECT_EQ(
      verifier(one_secret).verify(old.body, header(old.time, old.mac), signed_at).error().code,
      sr::error_code::signature_too_old);
}

TEST(WebhookVerifier, RefusesToWorkWithoutASecret) {
  const std::string unkeyed = sign("", signed_at, small_event);
  const std::vector<sr::endpoint_secret> none[] = {
      {}, {{"current", ""}}, {{"current", "whsec_test_secret"}, {"previous", ""}}};
  for (const auto& secrets : none) {
    const auto event = verifier(secrets).verify(small_event, header(signed_at, unkeyed), signed_at);
    ASSERT_FALSE(event);
    EXPECT_EQ(event.error().code, sr::error_code::missing_webhook_secret);
    EXPECT_EQ(http_answer(event), 500);
  }
}

// Each is a key like any other to HMAC, and anybody could sign under most of them.
TEST(WebhookVerifier, RefusesASecretThatIsNone) {
  for (const std::string& secret :
       {std::string(" "), std::string("\t\n"), std::string("whsec_"), std::string("whsec_ "),
        std::string(" whsec_a"), std::string("whsec_a\n"), std::string("whsec_a b"),
        std::string("\"\""), std::string("whsec_..."), std::string("whsec_\"\""),
        std::string("${SECRET}"), std::string("whsec_a\v"), std::string("whsec_a\xC2\xA0"),
        std::string("\0", 1)}) {
    const std::string given = header(signed_at, sign(secret, signed_at, small_event));
    for (const auto& secrets : {std::vector<sr::endpoint_secret>{{"current", secret}},
                                {{"current", "whsec_test_secret"}, {"previous", secret}}}) {
      const auto event = verifier(secrets).verify(small_event, given, signed_at);
      ASSERT_FALSE(event) << testing::PrintToString(secret);
      EXPECT_EQ(event.error().code, sr::error_code::malformed_webhook_secret);
      EXPECT_EQ(http_answer(event), 500);
    }
  }
}

TEST(WebhookVerifier, NamesTheUsualMistakesAndNoSecret) {
  const std::string canary = "whsec_canary";
  const std::string body = R"({"object":"event","email":"canary@example.com"})";
  const auto message = [&](const std::string& secret) {
    return verifier({{"canary label", secret}})
        .verify(body, header(signed_at, vectors[0].mac), signed_at)
        .error()
        .message;
  };
  EXPECT_THAT(message(canary), HasSubstr("raw bytes"));
  for (const char* space : {"\n", "\r", "\t", " "})
    EXPECT_THAT(message(canary + space), HasSubstr("white space"));
  for (const std::string& secret : {canary, " " + canary}) {
    EXPECT_THAT(message(secret), Not(HasSubstr("canary")));
    EXPECT_THAT(message(secret), Not(HasSubstr(vectors[0].mac.substr(0, 8))));
  }
}

// As on a machine whose OpenSSL is set to a provider without HMAC: Stripe must send it again.
TEST(WebhookVerifier, SaysSoWhenOpenSslCannotHash) {
  const std::string given = header(signed_at, vectors[0].mac);
  ASSERT_EQ(EVP_set_default_properties(nullptr, "provider=none_such"), 1);
  const auto event = verifier(one_secret).verify(small_event, given, signed_at);
  ASSERT_EQ(EVP_set_default_properties(nullptr, ""), 1);
  ASSERT_FALSE(event);
  EXPECT_EQ(event.error().code, sr::error_code::signature_not_checked);
  EXPECT_EQ(http_answer(event), 500);
  EXPECT_TRUE(verifier(one_secret).verify(small_event, given, signed_at));
}

TEST(WebhookVerifier, RefusesABodyThatIsTooLargeBeforeHashingIt) {
  sr::webhook_options options;
  options.max_body_bytes = small_event.size();
  const std::string given = header(signed_at, vectors[0].mac);
  EXPECT_TRUE(verifier(one_secret, options).verify(small_event, given, signed_at));
  EXPECT_EQ(verifier(one_secret, options).verify(small_event + " ", given, signed_at).error().code,
            sr::error_code::webhook_too_large);
}

// Else each event would be of another account, and be answered as nobody's business.
TEST(WebhookVerifier, RefusesOptionsThatCannotBeRight) {
  const std::string given = header(signed_at, vectors[0].mac);
  const auto refusal = [&](const sr::webhook_options& options) {
    const auto event = verifier(one_secret, options).verify(small_event, given, signed_at);
    EXPECT_EQ(check(options).has_value(), event.has_value());
    EXPECT_EQ(http_answer(event), event ? 200 : 500);
    return event ? "" : std::string(to_string(event.error().code));
  };
  sr::webhook_options options;
  for (const char* const wrong : {"acct_1 ", "acct_", "1", "acct_1_2", "acct_1\n"}) {
    options.account = wrong;
    EXPECT_EQ(refusal(options), "invalid_option") << wrong;
    options.own_account.swap(options.account);
    EXPECT_EQ(refusal(options), "invalid_option") << wrong;
    options.own_account.clear();
  }
  options.account = "acct_1AbC";
  EXPECT_EQ(refusal(options), "");
  options.tolerance = std::chrono::seconds(-1);
  EXPECT_EQ(refusal(options), "invalid_option");
}

sr::result<sr::event> verify_signed(const std::string& body, sr::webhook_options options = {}) {
  return verifier(one_secret, std::move(options))
      .verify(body, header(signed_at, sign("whsec_test_secret", signed_at, body)), signed_at);
}

TEST(WebhookVerifier, RefusesWhatIsSignedButNoEvent) {
  const std::pair<std::string, sr::error_code> cases[] = {
      {small_event + "+[", sr::error_code::not_json},
      {"[]", sr::error_code::wrong_object},
      {"{}", sr::error_code::not_an_event},
      {R"({"object":"checkout.session","id":"cs_test_a"})", sr::error_code::not_an_event},
      {R"({"object":"event","id":"evt_1","id":"evt_2"})", sr::error_code::repeated_key},
      {R"({"object":"event","created":-1})", sr::error_code::number_out_of_range},
      {R"({"object":"event","created":253402300800})", sr::error_code::number_out_of_range},
      {R"({"object":"v2.core.event","created":"2026-11-22"})", sr::error_code::unexpected_type},
  };
  for (const auto& [body, code] : cases) {
    const auto event = verify_signed(body);
    ASSERT_FALSE(event) << body;
    EXPECT_EQ(event.error().code, code) << body;
    EXPECT_EQ(http_answer(event), 400);
  }
}

TEST(WebhookVerifier, TellsWhatAnEventIsToThisEndpoint) {
  const std::string session = data_file("paid.json");
  sr::webhook_options connected;
  connected.account = "acct_1";
  const auto relevance = [](const std::string& body, const sr::webhook_options& options) {
    const auto event = verify_signed(body, options);
    EXPECT_EQ(http_answer(event), 200);
    return std::string(event ? to_string(event->relevance) : to_string(event.error().code));
  };
  const std::string completed = "checkout.session.completed";
  EXPECT_EQ(relevance(event_of(completed, session), {}), "handled");
  EXPECT_EQ(relevance(event_of("checkout.session.new_word", session), {}), "other_type");
  EXPECT_EQ(relevance(event_of("", session), {}), "other_type");
  EXPECT_EQ(relevance(event_of("payment_intent.succeeded", R"({"id":"pi_1"})"), {}),
            "payment_intent");
  EXPECT_EQ(relevance(event_of("charge.refunded", R"({"id":"ch_1"})"), {}), "other_type");
  EXPECT_EQ(relevance(event_of(completed, session, R"("livemode":true)"), {}), "other_livemode");
  EXPECT_EQ(relevance(event_of(completed, session, R"("livemode":null)"), {}), "other_livemode");
  EXPECT_EQ(
      relevance(event_of(completed, R"({"id":"cs_1","object":"checkout.session","livemode":true})"),
                {}),
      "other_livemode");
  const std::string unreadable = R"({"id":"cs_1","object":"checkout.session","status":7})";
  EXPECT_EQ(relevance(event_of(completed, unreadable, R"("livemode":true)"), {}), "other_livemode");
  EXPECT_EQ(relevance(event_of(completed, unreadable, R"("livemode":false,"account":"acct_2")"),
                      connected),
            "other_account");
  EXPECT_EQ(relevance(event_of(completed, session), connected), "other_account");
  EXPECT_EQ(
      relevance(event_of(completed, session, R"("livemode":false,"account":"acct_2")"), connected),
      "other_account");
  EXPECT_EQ(
      relevance(event_of(completed, session, R"("livemode":false,"account":"acct_1")"), connected),
      "handled");
}

// An order that leaves its account open means one's own.
TEST(WebhookVerifier, FulfillsNoOrderByAnotherAccountsMoney) {
  sr::expected_order order;
  order.out_trade_no = "1774256382025448500";
  order.amounts = {{400, "cny"}};
  const auto decision = [&](const std::string& whose, const sr::webhook_options& options = {}) {
    const auto event = verify_signed(event_of("checkout.session.completed", data_file("paid.json"),
                                              R"("livemode":false)" + whose),
                                     options);
    return decide(observation_of(event.value()).value_or(sr::observation()), order);
  };
  sr::webhook_options connected;
  connected.account = "acct_1";
  EXPECT_TRUE(decision("").may_fulfill(order.out_trade_no));
  EXPECT_TRUE(decision(R"(,"account":null,"context":null)").may_fulfill(order.out_trade_no));
  EXPECT_TRUE(decision(R"(,"account":"acct_1")", connected).may_fulfill(order.out_trade_no));
  for (const char* whose :
       {R"(,"account":"acct_2")", R"(,"context":"acct_2")", R"(,"context":"org_1/acct_2")",
        R"(,"account":"acct_2","context":"org_1/acct_2")", R"(,"context":"org_1/acct_2/")",
        R"(,"context":"/")"}) {
    const sr::order_outcome outcome = decision(whose);
    EXPECT_FALSE(outcome.may_fulfill(order.out_trade_no)) << whose;
    EXPECT_TRUE(outcome.has(sr::reason::account_mismatch)) << whose;
  }

  // A context's account is its last part, and one that contradicts `account` agrees with no order.
  order.account = "acct_2";
  for (const char* whose :
       {R"(,"account":"acct_2")", R"(,"context":"acct_2")", R"(,"context":"org_1/acct_2")",
        R"(,"account":"acct_2","context":"org_1/acct_2")"}) {
    EXPECT_TRUE(decision(whose).may_fulfill(order.out_trade_no)) << whose;
  }
  for (const char* whose :
       {R"(,"context":"acct_2/acct_1")", R"(,"account":"acct_2","context":"acct_1")",
        R"(,"account":"acct_1","context":"acct_2")", R"(,"context":"acct_2/")",
        R"(,"account":"acct_2","context":"acct_1/")", ""}) {
    EXPECT_TRUE(decision(whose).has(sr::reason::account_mismatch)) << whose;
  }
}

TEST(WebhookVerifier, GivesWhatTheEventSays) {
  const auto event = verify_signed(event_of("checkout.session.completed", data_file("paid.json"),
                                            R"("livemode":false,"account":"acct_1")"));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->relevance,
            sr::event_relevance::handled); // of any account, as none was asked for
  EXPECT_EQ(event->id, "evt_1");
  EXPECT_EQ(event->type, sr::event_type::checkout_session_completed);
  EXPECT_EQ(event->created, 1700000000);
  EXPECT_EQ(event->livemode, sr::livemode::test);
  EXPECT_EQ(event->account, "acct_1");
  EXPECT_FALSE(event->thin);
  ASSERT_TRUE(event->session);
  EXPECT_EQ(event->session->id, "cs_test_www");
  EXPECT_EQ(event->session_id, "cs_test_www");
  EXPECT_EQ(event->session->account, "acct_1"); // so that an expected order can name it
}

// Stripe sends it again, which gives a person time; and the session may be fetched.
TEST(WebhookVerifier, ACheckoutEventThatCannotBeReadIsAnErrorOfItsOwn) {
  const auto of_session = [](const std::string& rest) {
    return R"({"id":"cs_test_a","object":"checkout.session")" + rest + "}";
  };
  const std::string completed = R"("object":"event","type":"checkout.session.completed")";
  const std::string with_session = R"("data":{"object":)" + of_session("") + "}";
  const auto thin = [](const std::string& related) {
    return R"({"object":"v2.core.event","type":"v1.checkout.session.expired","livemode":false,)"
           R"("related_object":)" +
           related + "}";
  };
  const std::pair<std::string, std::string> cases[] = {
      {event_of("checkout.session.completed", of_session(R"(,"status":7)")), "cs_test_a"},
      {event_of("checkout.session.expired", of_session(R"(,"amount_total":4.5)")), "cs_test_a"},
      {event_of("checkout.session.completed", of_session(R"(,"mode":"","mode":"")")), "cs_test_a"},
      {event_of("checkout.session.completed", of_session(R"(,"currency":"\ud800")")), "cs_test_a"},
      {event_of("checkout.session.completed", of_session(R"(,"metadata":[])")), "cs_test_a"},
      {event_of("checkout.session.completed", R"({"id":"cs_test_a"})"), "cs_test_a"},
      {event_of("checkout.session.completed", R"({"id":"cs_test_a","object":null})"), "cs_test_a"},
      {event_of("checkout.session.completed", R"({"id":"cs_test_a","object":7})"), "cs_test_a"},
      {event_of("checkout.session.completed", R"({"id":"cs_test_a","object":"charge"})"),
       "cs_test_a"},
      {event_of("checkout.session.completed", R"({"object":"checkout.session"})"), ""},
      {event_of("checkout.session.completed", R"({"object":"checkout.session","id":7})"), ""},
      {event_of("checkout.session.completed", R"({"object":"checkout.session","id":"../x"})"), ""},
      {event_of("checkout.session.completed",
                R"({"object":"checkout.session","id":"cs_test_a_secret_canary","status":7})"),
       ""},
      {event_of("checkout.session.completed", "{}"), ""},
      {event_of("checkout.session.completed", "null"), ""},
      {event_of("checkout.session.completed", "[]"), ""},
      {"{" + completed + "}", ""},
      {"{" + completed + R"(,"data":7})", ""},
      {"{" + completed + R"(,"account":{"id":"acct_1"},)" + with_session + "}", "cs_test_a"},
      {"{" + completed + R"(,"context":1e999,)" + with_session + "}", "cs_test_a"},
      {"{" + completed + R"(,"created":"yesterday",)" + with_session + "}", "cs_test_a"},
      {"{" + with_session + R"(,"livemode":[{}],"id":1,)" + completed + "}", "cs_test_a"},
      {"{" + with_session + R"(,"id":"a","id":{},)" + completed + "}", "cs_test_a"},
      {thin("null"), ""},
      {thin("7"), ""},
      {thin("{}"), ""},
      {thin(R"({"id":"cs_test_a"})"), ""},
      {thin(R"({"id":"cs_test_a","type":"payment_intent"})"), ""},
      {thin(R"({"id":7,"type":"checkout.session"})"), ""},
      {thin(R"({"id":"/v1/cs_test_a","type":"checkout.session"})"), ""},
      {thin(R"({"id":"cs_test_a_secret_canary","type":"checkout.session"})"), ""},
  };
  for (const auto& [body, session_id] : cases) {
    const auto event = verify_signed(body);
    ASSERT_FALSE(event) << body;
    EXPECT_EQ(event.error().code, sr::error_code::unreadable_event) << body;
    EXPECT_EQ(event.error().session_id, session_id) << body;
    EXPECT_THAT(event.error().message, HasSubstr("fetch the session"));
    EXPECT_EQ(http_answer(event), 500);
  }
}

TEST(WebhookVerifier, ReadsThinEvents) {
  const auto event = verify_signed(
      R"({"id":"evt_1","object":"v2.core.event","type":"v1.checkout.session.completed",)"
      R"("created":"2026-09-30T19:36:45.134Z","livemode":false,"context":"org_1/acct_1",)"
      R"("reason":{"type":"request"},"related_object":{"id":"cs_test_a",)"
      R"("type":"checkout.session","url":"/v1/checkout/sessions/canary"},)"
      R"("snapshot_event":"evt_2","changes":{"before":[]}})");
  ASSERT_TRUE(event) << event.error().message;
  EXPECT_TRUE(event->thin);
  EXPECT_EQ(event->id, "evt_1");
  EXPECT_EQ(event->type, sr::event_type::checkout_session_completed);
  EXPECT_EQ(event->type.raw(), "checkout.session.completed");
  EXPECT_EQ(event->created, 1790797005);
  EXPECT_EQ(event->livemode, sr::livemode::test);
  EXPECT_EQ(account_of(*event), "acct_1");
  EXPECT_EQ(event->session_id, "cs_test_a");
  EXPECT_EQ(event->snapshot_event, "evt_2");
  EXPECT_EQ(event->relevance, sr::event_relevance::handled);
  EXPECT_FALSE(event->session);
  EXPECT_EQ(http_answer(event), 200);
}

TEST(WebhookVerifier, TellsWhatAThinEventIsToThisEndpoint) {
  sr::webhook_options connected;
  connected.account = "acct_1";
  const std::string session = R"({"id":"cs_test_a","type":"checkout.session"})";
  const std::string live = R"("livemode":true)", test = R"("livemode":false)";
  const struct {
    std::string type, related, fields, relevance, session_id, payment_intent;
    sr::webhook_options options;
  } cases[] = {
      {"v1.checkout.session.expired", session, test, "handled", "cs_test_a", "", {}},
      {"v1.checkout.session.expired",
       session,
       test + R"(,"context":null)",
       "handled",
       "cs_test_a",
       "",
       {}},
      {"v1.checkout.session.expired", session, live, "other_livemode", "", "", {}},
      {"v1.checkout.session.expired", session, test, "other_account", "", "", connected},
      {"v1.checkout.session.expired", session, test + R"(,"context":"org_1/acct_2")",
       "other_account", "", "", connected},
      {"v1.checkout.session.expired", session, test + R"(,"context":"org_1/acct_1")", "handled",
       "cs_test_a", "", connected},
      {"v1.checkout.session.folded", session, test, "other_type", "", "", {}},
      {"v1.v1.checkout.session.expired", session, test, "other_type", "", "", {}},
      {"v2.core.account.created",
       R"({"id":"acct_1","type":"v2.core.account"})",
       test,
       "other_type",
       "",
       "",
       {}},
      {"v1.payment_intent.canceled",
       R"({"id":"pi_1","type":"payment_intent"})",
       test,
       "payment_intent",
       "",
       "pi_1",
       {}},
      {"v1.charge.refunded", R"({"id":"ch_1","type":"charge"})", test, "other_type", "", "", {}},
      {"v1.charge.refunded", "7", test, "other_type", "", "", {}},
  };
  for (const auto& each : cases) {
    const auto event =
        verify_signed(R"({"id":"evt_1","object":"v2.core.event","type":")" + each.type +
                          R"(","related_object":)" + each.related + "," + each.fields + "}",
                      each.options);
    ASSERT_TRUE(event) << each.type << event.error().message;
    EXPECT_EQ(to_string(event->relevance), each.relevance) << each.type << each.fields;
    EXPECT_EQ(event->session_id, each.session_id) << each.type;
    EXPECT_EQ(event->payment_intent, each.payment_intent) << each.type;
    EXPECT_FALSE(event->session);
  }
}

TEST(WebhookVerifier, NamesThePaymentIntentThatAnEventIsAbout) {
  const struct {
    const char* type;
    const char* object;
    const char* payment_intent;
  } cases[] = {
      {"payment_intent.succeeded", R"({"id":"pi_1","object":"payment_intent"})", "pi_1"},
      {"payment_intent.canceled", R"({"status":7,"id":"pi_1"})", "pi_1"},
      {"payment_intent.amount_capturable_updated", R"({"id":"pi_1"})", "pi_1"},
      {"charge.refunded", R"({"id":"ch_1","payment_intent":"pi_1"})", "pi_1"},
      {"charge.refunded", R"({"id":"ch_1","payment_intent":{"status":7,"id":"pi_1"}})", "pi_1"},
      {"charge.dispute.created", R"({"id":"du_1","charge":"ch_1","payment_intent":"pi_1"})",
       "pi_1"},
      {"charge.refunded", R"({"id":"ch_1","payment_intent":null})", ""},
      {"charge.refunded", R"({"id":"ch_1","payment_intent":7})", ""},
      {"charge.refunded", R"({"payment_intent":"pi_1","payment_intent":"pi_2"})", ""},
      {"charge.refunded", R"({"payment_intent":{"id":7}})", ""},
      {"payment_intent.succeeded", R"({"id":7})", ""},
      {"payment_intent.succeeded", "7", ""},
      {"payment_intent.succeeded", "null", ""},
      {"payment_intent.created", R"({"id":"pi_1"})", ""},
  };
  for (const auto& each : cases) {
    const auto event = verify_signed(event_of(each.type, each.object));
    ASSERT_TRUE(event) << each.object << event.error().message;
    EXPECT_EQ(event->payment_intent, each.payment_intent) << each.type << each.object;
    EXPECT_EQ(event->relevance, *each.payment_intent == '\0' ? sr::event_relevance::other_type
                                                             : sr::event_relevance::payment_intent);
    EXPECT_EQ(event->session_id, "");
    EXPECT_FALSE(event->session);
  }
}

TEST(WebhookVerifier, HasNoTimeWhereTheEventHasNone) {
  for (const char* none : {"0", "null"}) {
    const auto event = verify_signed(R"({"object":"event","created":)" + std::string(none) + "}");
    ASSERT_TRUE(event);
    EXPECT_FALSE(event->created);
  }
}

TEST(WebhookVerifier, ReadsNothingOfAnotherObject) {
  const auto event = verify_signed(event_of(
      "charge.refunded",
      R"({"id":"ch_1","object":"charge","status":1.5,"metadata":[],"mode":{"a":[1]},"url":7,)"
      R"("payment_status":true,"created":"never","line_items":"x"})"));
  ASSERT_TRUE(event);
  EXPECT_EQ(event->id, "evt_1");
  EXPECT_EQ(event->type.raw(), "charge.refunded");
  EXPECT_FALSE(event->session);
}

TEST(HttpAnswer, SaysWhoIsAtFault) {
  using code = sr::error_code;
  for (const code why : {code::missing_webhook_secret, code::malformed_webhook_secret,
                         code::signature_not_checked, code::unreadable_event})
    EXPECT_EQ(http_answer(sr::error{why, ""}), 500);
  for (const code why :
       {code::not_signed, code::malformed_signature, code::signature_mismatch,
        code::signature_too_old, code::signature_in_future, code::webhook_too_large,
        code::not_an_event, code::not_json, code::unexpected_type}) {
    EXPECT_EQ(http_answer(sr::error{why, ""}), 400) << to_string(why);
  }
  EXPECT_EQ(http_answer(sr::event()), 200);
}

} // namespace
