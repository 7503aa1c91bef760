#include <stripe_return/core/checkout_session.hpp>

#include "error_code_of.hpp"
#include "session_json.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;

std::string page_of(const std::string& sessions) {
  return R"({"object":"list","url":"/v1/checkout/sessions","has_more":true,"data":[)" + sessions +
         "]}";
}

TEST(SessionPage, HoldsWhatEachSessionIsAlone) {
  const std::string first = session_json().text();
  const std::string second = session_json().set("id", quoted("cs_test_b2")).text();
  const auto page = sr::parse_session_page(page_of(first + "," + second));
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_TRUE(page->has_more);
  ASSERT_EQ(page->data.size(), 2U);
  EXPECT_EQ(page->data[0].id, "cs_test_a1");
  EXPECT_EQ(page->data[1].id, "cs_test_b2");
  const auto alone = sr::parse_checkout_session(second);
  ASSERT_TRUE(alone);
  EXPECT_EQ(page->data[1].status, alone->status.known());
  EXPECT_EQ(page->data[1].amount_total, alone->amount_total);
  EXPECT_EQ(page->data[1].metadata.entries(), alone->metadata.entries());
}

TEST(SessionPage, ReadsPagesWithLittleInThem) {
  for (const char* json : {"{}", R"({"data":null})", R"({"object":"list","data":[]})",
                           R"({"object":"","data":[],"has_more":false})"}) {
    const auto page = sr::parse_session_page(json);
    ASSERT_TRUE(page) << json;
    EXPECT_TRUE(page->data.empty());
    EXPECT_FALSE(page->has_more);
  }
}

// What one session leaves out must not be taken from its neighbour: an order would be fulfilled by
// another's payment.
TEST(SessionPage, KeepsSessionsApart) {
  const std::string full =
      R"({"id":"cs_a","object":"checkout.session","status":"complete","payment_status":"paid",)"
      R"("mode":"payment","livemode":true,"created":1,"expires_at":2,"amount_total":3,)"
      R"("amount_subtotal":4,"currency":"cny","client_reference_id":"c","metadata":{"a":"b"},)"
      R"("payment_intent":{"object":"payment_intent","id":"pi","status":"succeeded",)"
      R"("metadata":{"c":"d"}},"setup_intent":"si","subscription":"su","recovered_from":"cs_0",)"
      R"("after_expiration":{"recovery":{"url":"u","expires_at":5}},"url":"u",)"
      R"("currency_conversion":{"amount_total":6,"source_currency":"usd"},"client_secret":"s",)"
      R"("line_items":{"object":"list","data":[{"id":"li"}],"has_more":true}})";
  const auto page = sr::parse_session_page(page_of(
      full +
      R"(,{"object":"checkout.session"},{"object":"checkout.session","payment_intent":{"id":"pi_2","status":"canceled","metadata":{"x":"y"}},)"
      R"("line_items":{"data":[{"id":"li_2"}]}})"));
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->data.size(), 3U);
  ASSERT_TRUE(page->data[0].line_items);
  EXPECT_TRUE(page->data[0].line_items->has_more);

  const sr::checkout_session& empty = page->data[1];
  EXPECT_EQ(empty.id + empty.currency + empty.client_reference_id, "");
  EXPECT_EQ(empty.setup_intent + empty.subscription + empty.recovered_from, "");
  EXPECT_EQ(empty.status.raw() + empty.payment_status.raw() + empty.mode.raw(), "");
  EXPECT_TRUE(empty.metadata.entries().empty());
  EXPECT_FALSE(empty.livemode || empty.created || empty.expires_at || empty.amount_total ||
               empty.amount_subtotal || empty.currency_conversion || empty.payment_intent ||
               empty.recovery || empty.line_items);
  EXPECT_TRUE(empty.url.empty());
  EXPECT_TRUE(empty.client_secret.empty());

  // It does not say that it is a PaymentIntent; its neighbour's word does not count for it.
  ASSERT_TRUE(page->data[2].payment_intent);
  EXPECT_EQ(page->data[2].payment_intent->id, "pi_2");
  EXPECT_FALSE(page->data[2].payment_intent->expanded());
  ASSERT_TRUE(page->data[2].line_items);
  EXPECT_FALSE(page->data[2].line_items->has_more);
  ASSERT_EQ(page->data[2].line_items->data.size(), 1U);
  EXPECT_EQ(page->data[2].line_items->data[0].id, "li_2");
}

TEST(SessionPage, NamesWhatCannotBeRead) {
  const struct {
    const char* json;
    const char* id;
    std::optional<sr::unix_seconds> created;
  } cases[] = {
      {R"({"id":"cs_a","object":"checkout.session","created":7,"amount_total":"2"})", "cs_a", 7},
      {R"({"amount_total":1.5,"created":7,"id":"cs_a","currency":"cny"})", "cs_a", 7},
      {R"({"id":"cs_a","created":253402300800})", "cs_a", {}},
      {R"({"created":"7","id":"cs_a","metadata":{"a":"1","a":"2"}})", "cs_a", {}},
      {R"({"id":7,"created":7})", "", 7},
      {R"({"id":"cs_a","id":"cs_b"})", "cs_a", {}},
  };
  for (const auto& each : cases) {
    const std::string good = session_json().text();
    const auto page = sr::parse_session_page(page_of(good + "," + each.json + "," + good));
    ASSERT_TRUE(page) << each.json;
    ASSERT_EQ(page->data.size(), 3U);
    EXPECT_TRUE(page->has_more);
    EXPECT_EQ(page->data[0].id, "cs_test_a1");
    EXPECT_EQ(page->data[2].id, "cs_test_a1");
    const sr::checkout_session& named = page->data[1];
    EXPECT_EQ(named.id, each.id) << each.json;
    EXPECT_EQ(named.created, each.created) << each.json;
    EXPECT_EQ(named.object + named.currency, "");
    EXPECT_FALSE(named.amount_total);
  }
}

TEST(SessionPage, RefusesOtherDocuments) {
  const struct {
    const char* json;
    code why;
  } cases[] = {
      {R"({"object":"checkout.session"})", code::wrong_object},
      {R"({"object":"event"})", code::wrong_object},
      {"[]", code::wrong_object},
      {"null", code::wrong_object},
      {R"({"data":{}})", code::unexpected_type},
      {R"({"data":[null]})", code::unexpected_type},
      {R"({"data":[{"object":"checkout.session"},"cs_1"]})", code::unexpected_type},
      {R"({"data":[{}]})", code::wrong_object},
      {R"({"data":[[]]})", code::unexpected_type},
      {R"({"data":[{"object":"event"}]})", code::wrong_object},
      {R"({"data":[{"object":"checkout.session"},{"object":"item"}]})", code::wrong_object},
      {R"({"data":[],"has_more":1})", code::unexpected_type},
      {R"({"data":[],"data":[]})", code::repeated_key},
      {R"({"data":[})", code::not_json},
      {"", code::not_json},
      {"{}{}", code::not_json},
  };
  for (const auto& each : cases)
    EXPECT_EQ(error_code_of(sr::parse_session_page(each.json)), each.why) << each.json;
}

TEST(SessionPage, NeverRepeatsWhatTheDocumentHeld) {
  for (const char* json :
       {R"({"object":"CANARY"})", R"({"data":[{"object":"CANARY"}]})", R"({"data":["CANARY"]})"}) {
    const auto page = sr::parse_session_page(json);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().message.find("CANARY"), std::string::npos) << page.error().message;
  }
}

} // namespace
