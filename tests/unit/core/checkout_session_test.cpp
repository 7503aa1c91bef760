#include <stripe_return/core/checkout_session.hpp>

#include "data/data_file.hpp"
#include "error_code_of.hpp"
#include "session_json.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace sr = stripe_return;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

sr::checkout_session decoded(std::string_view json) {
  auto session = sr::parse_checkout_session(json);
  EXPECT_TRUE(session) << json << (session ? "" : session.error().message);
  return session ? *std::move(session) : sr::checkout_session{};
}

TEST(CheckoutSession, ReadsThePaidRecording) {
  const sr::checkout_session session = decoded(data_file("paid.json"));
  EXPECT_EQ(session.id, "cs_test_www");
  EXPECT_EQ(session.object, "checkout.session");
  EXPECT_EQ(session.status, sr::session_status::complete);
  EXPECT_EQ(session.status.raw(), "complete");
  EXPECT_EQ(session.payment_status, sr::session_payment_status::paid);
  EXPECT_EQ(session.mode, sr::session_mode::payment);
  EXPECT_EQ(session.livemode, sr::livemode::test);
  EXPECT_EQ(session.created, 1774256386);
  EXPECT_EQ(session.expires_at, 1774342786);
  EXPECT_EQ(session.amount_subtotal, 400);
  EXPECT_EQ(session.amount_total, 400);
  EXPECT_EQ(session.currency, "cny");
  EXPECT_FALSE(session.currency_conversion);
  EXPECT_EQ(session.client_reference_id, "");
  EXPECT_THAT(session.metadata.entries(), ElementsAre(Pair("out_trade_no", "1774256382025448500")));
  ASSERT_TRUE(session.payment_intent);
  EXPECT_EQ(session.payment_intent->id, "pi_3TE4L6GLfJRXFUwH0xPlsxYW");
  EXPECT_FALSE(session.payment_intent->expanded());
  EXPECT_THAT(session.payment_intent->metadata.entries(), IsEmpty());
  EXPECT_EQ(session.setup_intent, "");
  EXPECT_EQ(session.subscription, "");
  EXPECT_EQ(session.recovered_from, "");
  EXPECT_FALSE(session.recovery);
  EXPECT_TRUE(session.url.empty());
  EXPECT_TRUE(session.client_secret.empty());
  EXPECT_EQ(session.account, "");
  ASSERT_TRUE(session.line_items);
  EXPECT_FALSE(session.line_items->has_more);
  ASSERT_EQ(session.line_items->data.size(), 1U);
  const sr::line_item& item = session.line_items->data.front();
  EXPECT_EQ(item.id, "li_1TE4KsGLfJRXFUwH7YIOjHpg");
  EXPECT_EQ(item.description, "xxx");
  EXPECT_EQ(item.quantity, 1);
  EXPECT_EQ(item.amount_subtotal, 400);
  EXPECT_EQ(item.amount_total, 400);
  EXPECT_EQ(item.currency, "cny");
  EXPECT_EQ(item.price, "price_1TE4KsGLfJRXFUwHL1Xrht7t");
  EXPECT_EQ(item.product, "prod_UCSHzzI5XfUkEY");
}

TEST(CheckoutSession, ReadsTheUnpaidRecording) {
  const sr::checkout_session session = decoded(data_file("unpaid.json"));
  EXPECT_EQ(session.id, "cs_test_wwww");
  EXPECT_EQ(session.status, sr::session_status::open);
  EXPECT_EQ(session.payment_status, sr::session_payment_status::unpaid);
  EXPECT_EQ(session.mode, sr::session_mode::payment);
  EXPECT_EQ(session.livemode, sr::livemode::test);
  EXPECT_EQ(session.created, 1774256096);
  EXPECT_EQ(session.expires_at, 1774342496);
  EXPECT_EQ(session.amount_subtotal, 400);
  EXPECT_EQ(session.amount_total, 400);
  EXPECT_EQ(session.currency, "cny");
  EXPECT_EQ(session.metadata.get("out_trade_no"), "1774256092603328600");
  ASSERT_TRUE(session.payment_intent);
  EXPECT_EQ(session.payment_intent->id, "pi_3TE4GJGLfJRXFUwH1Ylk7jjo");
  EXPECT_FALSE(session.payment_intent->expanded());
  EXPECT_EQ(session.client_secret.reveal(), "cs_test_xxx");
  EXPECT_TRUE(session.url.empty());
  ASSERT_TRUE(session.line_items);
  ASSERT_EQ(session.line_items->data.size(), 1U);
  EXPECT_EQ(session.line_items->data.front().description, "xxxxxxx");
  EXPECT_EQ(session.line_items->data.front().product, "prod_UCSHzzI5XfUkEV");
}

void expect_nothing_known(const sr::checkout_session& session) {
  EXPECT_EQ(session.id + session.object, "");
  EXPECT_EQ(session.status, sr::session_status::absent);
  EXPECT_EQ(session.payment_status, sr::session_payment_status::absent);
  EXPECT_EQ(session.mode, sr::session_mode::absent);
  EXPECT_FALSE(session.created);
  EXPECT_FALSE(session.expires_at);
  EXPECT_EQ(session.currency, "");
  EXPECT_FALSE(session.currency_conversion);
  EXPECT_EQ(session.client_reference_id, "");
  EXPECT_THAT(session.metadata.entries(), IsEmpty());
  EXPECT_FALSE(session.payment_intent);
  EXPECT_EQ(session.setup_intent, "");
  EXPECT_EQ(session.subscription, "");
  EXPECT_EQ(session.recovered_from, "");
  EXPECT_FALSE(session.recovery);
  EXPECT_FALSE(session.line_items);
  EXPECT_TRUE(session.url.empty());
  EXPECT_TRUE(session.client_secret.empty());
}

TEST(CheckoutSession, ReadsAnEmptyObject) {
  for (const char* json : {"{}", " \t\r\n{ }\n", R"({"object":""})", R"({"object":null})"}) {
    const sr::checkout_session session = decoded(json);
    expect_nothing_known(session);
    EXPECT_FALSE(session.livemode);
    EXPECT_FALSE(session.amount_subtotal);
    EXPECT_FALSE(session.amount_total);
  }
}

// What a Go server writes that ignored the error of session.Get.
TEST(CheckoutSession, ReadsTheZeroSessionOfStripeGo) {
  const sr::checkout_session session = decoded(data_file("stripe_go_zero.json"));
  expect_nothing_known(session);
  EXPECT_EQ(session.livemode, sr::livemode::test);
  EXPECT_EQ(session.amount_subtotal, 0);
  EXPECT_EQ(session.amount_total, 0);
}

// Each text field: how to reach it, and that null, "" and absent cannot be told apart.
TEST(CheckoutSession, NullEmptyAndAbsentTextAreAlike) {
  using session = sr::checkout_session;
  const struct {
    const char* key;
    std::string (*text)(const session&);
  } fields[] = {
      {"id", [](const session& s) { return s.id; }},
      {"status", [](const session& s) { return s.status.raw(); }},
      {"payment_status", [](const session& s) { return s.payment_status.raw(); }},
      {"mode", [](const session& s) { return s.mode.raw(); }},
      {"currency", [](const session& s) { return s.currency; }},
      {"client_reference_id", [](const session& s) { return s.client_reference_id; }},
      {"recovered_from", [](const session& s) { return s.recovered_from; }},
      {"setup_intent", [](const session& s) { return s.setup_intent; }},
      {"subscription", [](const session& s) { return s.subscription; }},
      {"url", [](const session& s) { return s.url.reveal(); }},
      {"client_secret", [](const session& s) { return s.client_secret.reveal(); }},
      {"payment_intent",
       [](const session& s) { return s.payment_intent ? s.payment_intent->id : std::string(); }},
  };
  for (const auto& field : fields) {
    SCOPED_TRACE(field.key);
    EXPECT_EQ(field.text(session_json().set(field.key, quoted("w\\u00e4rd\\n")).decoded()),
              "w\xC3\xA4rd\n");
    EXPECT_EQ(field.text(session_json().set(field.key, "null").decoded()), "");
    EXPECT_EQ(field.text(session_json().set(field.key, quoted("")).decoded()), "");
    EXPECT_EQ(field.text(session_json().drop(field.key).decoded()), "");
  }
  EXPECT_FALSE(session_json().set("payment_intent", quoted("")).decoded().payment_intent);
}

// Amounts keep their zero; times have none, since stripe-go writes 0 for null.
TEST(CheckoutSession, AnAbsentNumberIsNeverAZero) {
  const auto with = [](const char* key, const char* value) {
    return session_json().set(key, value).decoded();
  };
  EXPECT_EQ(with("amount_total", "0").amount_total, 0);
  EXPECT_EQ(with("amount_total", "null").amount_total, std::nullopt);
  EXPECT_EQ(session_json().drop("amount_total").decoded().amount_total, std::nullopt);
  EXPECT_EQ(with("amount_subtotal", "0").amount_subtotal, 0);
  EXPECT_EQ(with("amount_subtotal", "null").amount_subtotal, std::nullopt);
  EXPECT_EQ(with("livemode", "true").livemode, sr::livemode::live);
  EXPECT_EQ(with("livemode", "null").livemode, std::nullopt);
  EXPECT_EQ(session_json().drop("livemode").decoded().livemode, std::nullopt);
  for (const char* nothing : {"0", "-0", "null"}) {
    EXPECT_EQ(with("created", nothing).created, std::nullopt);
    EXPECT_EQ(with("expires_at", nothing).expires_at, std::nullopt);
  }
}

TEST(CheckoutSession, ReadsNumbersToTheEndOfTheirRange) {
  const auto amount = [](const char* value) {
    return session_json().set("amount_total", value).decoded().amount_total;
  };
  EXPECT_EQ(amount("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(amount("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(amount("-1"), -1);
  EXPECT_EQ(session_json().set("created", "1").decoded().created, 1);
  EXPECT_EQ(session_json().set("expires_at", "253402300799").decoded().expires_at, 253402300799);
}

TEST(CheckoutSession, TakesIdsAsTextOrAsObjects) {
  for (const char* form : {R"("x_1")", R"({"id":"x_1"})", R"({"id":"x_1","object":""})",
                           R"({"object":"any","status":"active","id":"x_1","more":{"id":"y"}})"}) {
    const sr::checkout_session session = session_json()
                                             .set("payment_intent", form)
                                             .set("setup_intent", form)
                                             .set("subscription", form)
                                             .decoded();
    ASSERT_TRUE(session.payment_intent) << form;
    EXPECT_EQ(session.payment_intent->id, "x_1");
    EXPECT_FALSE(session.payment_intent->expanded());
    EXPECT_EQ(session.setup_intent, "x_1");
    EXPECT_EQ(session.subscription, "x_1");
  }
  for (const char* form : {"{}", R"({"id":null})", R"({"id":""})", "null", R"("")"}) {
    const sr::checkout_session session = session_json()
                                             .set("payment_intent", form)
                                             .set("setup_intent", form)
                                             .set("subscription", form)
                                             .decoded();
    EXPECT_FALSE(session.payment_intent) << form;
    EXPECT_EQ(session.setup_intent + session.subscription, "") << form;
  }
}

TEST(CheckoutSession, ReadsAnExpandedPaymentIntentInAnyOrderOfItsKeys) {
  std::vector<std::string> pairs = {R"("id":"pi_1")", R"("metadata":{"out_trade_no":"A1","k":"v"})",
                                    R"("object":"payment_intent")", R"("status":"succeeded")"};
  do {
    std::string json = R"({"amount":1,)";
    for (const std::string& pair : pairs)
      json += pair + ',';
    json += R"("amount_details":{"tip":{"object":""}}})";
    const auto session = session_json().set("payment_intent", json).decoded();
    ASSERT_TRUE(session.payment_intent) << json;
    EXPECT_TRUE(session.payment_intent->expanded());
    EXPECT_EQ(session.payment_intent->id, "pi_1");
    EXPECT_EQ(session.payment_intent->status, sr::payment_intent_status::succeeded);
    EXPECT_THAT(session.payment_intent->metadata.entries(),
                ElementsAre(Pair("k", "v"), Pair("out_trade_no", "A1")));
  } while (std::next_permutation(pairs.begin(), pairs.end()));
}

// The zeros that stripe-go writes around a bare id say nothing, whatever they hold.
TEST(CheckoutSession, NeverBelievesAPaymentIntentThatIsOnlyAnId) {
  for (const char* object : {"", R"("object":"",)", R"("object":null,)", R"("object":"charge",)"}) {
    const std::string json =
        std::string("{") + object +
        R"("status":"succeeded","metadata":{"out_trade_no":"B2"},"id":"pi_1"})";
    const auto session = session_json().set("payment_intent", json).decoded();
    ASSERT_TRUE(session.payment_intent) << json;
    EXPECT_EQ(session.payment_intent->id, "pi_1");
    EXPECT_FALSE(session.payment_intent->expanded()) << json;
    EXPECT_EQ(session.payment_intent->status.raw(), "");
    EXPECT_THAT(session.payment_intent->metadata.entries(), IsEmpty());
  }
}

TEST(CheckoutSession, NeverBelievesAPaymentIntentWithoutAStatus) {
  const auto session =
      session_json()
          .set("payment_intent",
               R"({"id":"pi_1","object":"payment_intent","metadata":{"out_trade_no":"B2"}})")
          .decoded();
  EXPECT_FALSE(session.payment_intent->expanded());
  EXPECT_THAT(session.payment_intent->metadata.entries(), IsEmpty());
}

// Money is not forgotten for want of an id.
TEST(CheckoutSession, ReadsTheChargeOnlyWhereItWasExpanded) {
  const auto charge_of = [](const char* latest_charge, const char* object = "payment_intent") {
    const std::string json =
        std::string(R"({"object":"checkout.session","payment_intent":{"id":"pi_1",)") +
        R"("status":"succeeded","object":")" + object + R"(","latest_charge":)" + latest_charge +
        "}}";
    return sr::parse_checkout_session(json).value().payment_intent->latest_charge;
  };
  EXPECT_FALSE(charge_of(R"("ch_1")"));
  EXPECT_FALSE(charge_of("null"));
  EXPECT_FALSE(charge_of(R"({"id":"ch_1","object":"","amount_refunded":0,"disputed":false})"));
  const char* refunded = R"({"id":"ch_1","object":"charge","amount_refunded":40,"disputed":false})";
  ASSERT_TRUE(charge_of(refunded));
  EXPECT_EQ(charge_of(refunded)->amount_refunded, 40);
  EXPECT_FALSE(charge_of(refunded)->disputed);
  EXPECT_FALSE(charge_of(refunded, ""));
  EXPECT_TRUE(charge_of(R"({"disputed":true,"object":"charge"})")->disputed);
}

TEST(CheckoutSession, KeepsAnExpandedPaymentIntentWithoutAnId) {
  const auto session =
      session_json()
          .set("payment_intent", R"({"object":"payment_intent","status":"succeeded"})")
          .decoded();
  ASSERT_TRUE(session.payment_intent);
  EXPECT_EQ(session.payment_intent->status, sr::payment_intent_status::succeeded);
}

TEST(CheckoutSession, KeepsAWordThatIsNew) {
  const auto session = session_json()
                           .words("half_open", "partially_paid")
                           .set("mode", quoted("donation"))
                           .payment_intent("dreaming")
                           .decoded();
  EXPECT_EQ(session.status, sr::session_status::unrecognized);
  EXPECT_EQ(session.status.raw(), "half_open");
  EXPECT_EQ(session.payment_status.raw(), "partially_paid");
  EXPECT_EQ(session.mode.raw(), "donation");
  EXPECT_EQ(session.payment_intent->status.raw(), "dreaming");
  EXPECT_TRUE(session.payment_intent->expanded());
}

TEST(CheckoutSession, ReadsMetadata) {
  const auto read = [](const char* json) {
    return session_json().set("metadata", json).decoded().metadata;
  };
  EXPECT_THAT(read("null").entries(), IsEmpty());
  EXPECT_THAT(read("{}").entries(), IsEmpty());
  EXPECT_THAT(read(R"({"b":"2","a":"","c":null,"\u00fc":"\ud83d\ude00"})").entries(),
              ElementsAre(Pair("a", ""), Pair("b", "2"), Pair("c", ""),
                          Pair("\xC3\xBC", "\xF0\x9F\x98\x80")));
  const sr::metadata kept = read(R"({"out_trade_no":"0012"})");
  EXPECT_EQ(kept.get("out_trade_no"), "0012");
}

TEST(CheckoutSession, ReadsCurrencyConversion) {
  const auto read = [](const char* json) {
    return session_json().set("currency_conversion", json).decoded().currency_conversion;
  };
  EXPECT_FALSE(read("null"));
  const auto full = read(
      R"({"amount_subtotal":500,"amount_total":400,"fx_rate":"0.1384","source_currency":"cny"})");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->amount_subtotal, 500);
  EXPECT_EQ(full->amount_total, 400);
  EXPECT_EQ(full->source_currency, "cny");
  const auto empty = read(R"({"amount_total":null,"source_currency":null})");
  ASSERT_TRUE(empty);
  EXPECT_FALSE(empty->amount_total);
  EXPECT_FALSE(empty->amount_subtotal);
  EXPECT_EQ(empty->source_currency, "");
}

TEST(CheckoutSession, ReadsRecoveryOnlyWithAUrl) {
  const auto read = [](const std::string& recovery) {
    return session_json()
        .set("after_expiration", R"({"recovery":)" + recovery + "}")
        .decoded()
        .recovery;
  };
  const auto full = read(
      R"({"allow_promotion_codes":false,"enabled":true,"expires_at":1776934786,"url":"https://buy.stripe.com/r/x"})");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->url.reveal(), "https://buy.stripe.com/r/x");
  EXPECT_EQ(full->expires_at, 1776934786);
  const auto endless = read(R"({"url":"https://buy.stripe.com/r/x","expires_at":0})");
  ASSERT_TRUE(endless);
  EXPECT_FALSE(endless->expires_at);
  for (const char* none : {"null", "{}", R"({"enabled":true,"expires_at":null,"url":null})",
                           R"({"enabled":true,"expires_at":0,"url":""})"}) {
    EXPECT_FALSE(read(none)) << none;
  }
  EXPECT_FALSE(session_json().set("after_expiration", "null").decoded().recovery);
  EXPECT_FALSE(session_json().set("after_expiration", "{}").decoded().recovery);
}

TEST(CheckoutSession, ReadsLineItemsOnlyWhereTheyWereExpanded) {
  const auto read = [](const char* json) {
    return session_json().set("line_items", json).decoded().line_items;
  };
  EXPECT_FALSE(session_json().decoded().line_items);
  EXPECT_FALSE(read("null"));
  const auto empty = read(R"({"object":"list","data":[],"has_more":false})");
  ASSERT_TRUE(empty);
  EXPECT_THAT(empty->data, IsEmpty());
  const auto page =
      read(R"({"data":[{"id":"li_1","price":"price_1"},{"id":"li_2"}],"has_more":true})");
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->has_more);
  ASSERT_EQ(page->data.size(), 2U);
  EXPECT_EQ(page->data[0].price, "price_1");
  EXPECT_EQ(page->data[1].id, "li_2");
  EXPECT_EQ(page->data[1].price, "");
}

TEST(CheckoutSession, NeverReadsTheAccountFromTheDocument) {
  EXPECT_EQ(session_json().set("account", quoted("acct_1")).decoded().account, "");
}

} // namespace
