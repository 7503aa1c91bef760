#include <stripe_return/core/decide.hpp>
#include <stripe_return/core/event.hpp>

#include "error_code_of.hpp"
#include "session_json.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using sr::event_relevance;

std::string event_of(const std::string& type, const std::string& object) {
  return R"({"id":"evt_1","object":"event","account":"acct_1","created":1774256446,)"
         R"("livemode":false,"type":")" +
         type + R"(","data":{"object":)" + object + "}}";
}

std::string page_of(const std::string& events) {
  return R"({"object":"list","url":"/v1/events","has_more":true,"data":[)" + events + "]}";
}

TEST(EventPage, HoldsEventsWithTheirSessions) {
  const auto page = sr::parse_event_page(page_of(
      event_of("checkout.session.completed", session_json().text()) + "," +
      event_of("checkout.session.async_payment_failed",
               session_json().set("id", quoted("cs_test_b2")).set("livemode", "true").text())));
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_TRUE(page->has_more);
  ASSERT_EQ(page->data.size(), 2U);
  const sr::event& first = page->data[0];
  EXPECT_EQ(first.id, "evt_1");
  EXPECT_EQ(first.type, sr::event_type::checkout_session_completed);
  EXPECT_EQ(first.relevance, event_relevance::handled);
  EXPECT_EQ(first.created, 1774256446);
  EXPECT_EQ(first.livemode, sr::livemode::test);
  EXPECT_EQ(first.account, "acct_1");
  ASSERT_TRUE(first.session);
  EXPECT_EQ(first.session->id, "cs_test_a1");
  EXPECT_EQ(first.session->account, "acct_1");
  EXPECT_TRUE(decide_unchecked(*observation_of(first))
                  .has(sr::reason::account_mismatch)); // no order names it
  EXPECT_EQ(page->data[1].type, sr::event_type::checkout_session_async_payment_failed);
  // Whose mode it is, is not known here.
  EXPECT_EQ(page->data[1].relevance, event_relevance::handled);
  ASSERT_TRUE(page->data[1].session);
  EXPECT_EQ(page->data[1].session->id, "cs_test_b2");
}

// Else whoever asks for the events after the last one would ask for the same page for ever.
TEST(EventPage, KeepsEventsAboutOtherThings) {
  const std::string session = session_json().text();
  for (const std::string& other :
       {event_of("charge.refunded", R"({"id":"ch_1","object":"charge","status":7})"),
        event_of("charge.refunded", R"({"id":"ch_1","object":"charge" "x":1})"),
        event_of("checkout.session.folded", session), event_of("", session),
        event_of("charge.succeeded", R"({"payment_intent":"pi_1"})")}) {
    const auto page =
        sr::parse_event_page(page_of(event_of("checkout.session.completed", session) + "," + other +
                                     "," + event_of("checkout.session.completed", session)));
    ASSERT_TRUE(page) << page.error().message << other;
    ASSERT_EQ(page->data.size(), 3U);
    EXPECT_EQ(page->data[1].id, "evt_1");
    EXPECT_EQ(page->data[1].created, 1774256446);
    EXPECT_EQ(page->data[1].relevance, event_relevance::other_type) << other;
    EXPECT_FALSE(page->data[1].session) << other;
    EXPECT_EQ(page->data[2].relevance, event_relevance::handled);
    ASSERT_TRUE(page->data[2].session);
    EXPECT_EQ(page->data[2].session->amount_total, 400);
  }
}

// What one event leaves out must not be taken from its neighbour.
TEST(EventPage, KeepsEventsApart) {
  const auto page = sr::parse_event_page(page_of(
      event_of("checkout.session.completed", session_json().text()) + R"(,{"object":"event"},)" +
      event_of("checkout.session.completed",
               R"({"id":"cs_test_c3","object":"checkout.session"})")));
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_EQ(page->data.size(), 3U);
  const sr::event& empty = page->data[1];
  EXPECT_EQ(empty.id + empty.type.raw() + empty.account, "");
  EXPECT_FALSE(empty.created || empty.livemode || empty.session);
  ASSERT_TRUE(page->data[2].session);
  EXPECT_EQ(page->data[2].session->id, "cs_test_c3");
  EXPECT_FALSE(page->data[2].session->amount_total);
}

TEST(EventPage, ReadsPagesWithLittleInThem) {
  for (const char* json : {"{}", R"({"data":null})", R"({"object":"list","data":[]})",
                           R"({"object":"","data":[],"has_more":false})"}) {
    const auto page = sr::parse_event_page(json);
    ASSERT_TRUE(page) << json;
    EXPECT_TRUE(page->data.empty());
    EXPECT_FALSE(page->has_more);
  }
}

// As deep as anything is read.
TEST(EventPage, ReadsWhatWasBought) {
  const auto page = sr::parse_event_page(page_of(event_of(
      "checkout.session.completed",
      R"({"id":"cs_1","object":"checkout.session","line_items":{"data":[{"price":{"product":)"
      R"({"id":"prod_1","metadata":{"a":{"b":[{}]}}}}}],"has_more":true}})")));
  ASSERT_TRUE(page) << page.error().message;
  const auto& items = page->data.at(0).session.value().line_items;
  ASSERT_TRUE(items);
  EXPECT_TRUE(items->has_more);
  EXPECT_EQ(items->data.at(0).product, "prod_1");
}

// One that cannot be read must neither hide its neighbours nor be lost.
TEST(EventPage, KeepsEventsThatCannotBeRead) {
  const std::string good = event_of("checkout.session.completed", session_json().text());
  const struct {
    std::string event;
    const char* id;
    const char* session_id;
  } cases[] = {
      {event_of("checkout.session.completed", session_json().set("status", "7").text()), "evt_1",
       "cs_test_a1"},
      {event_of("checkout.session.completed", session_json().drop("object").text()), "evt_1",
       "cs_test_a1"},
      {event_of("checkout.session.completed", "null"), "evt_1", ""},
      {R"({"id":7,"object":"event"})", "", ""},
      {R"({"id":"evt_1","object":"event","type":7})", "evt_1", ""},
      {R"({"id":"evt_1","object":"event","livemode":0})", "evt_1", ""},
      {R"({"id":"evt_1","object":"event","created":1.5})", "evt_1", ""},
      {R"({"id":"evt_1","object":"event" "type":"x"})", "evt_1", ""},
  };
  for (const auto& each : cases) {
    const auto page = sr::parse_event_page(page_of(good + "," + each.event + "," + good));
    ASSERT_TRUE(page) << page.error().message << each.event;
    ASSERT_EQ(page->data.size(), 3U);
    EXPECT_EQ(page->data[0].relevance, event_relevance::handled);
    EXPECT_EQ(page->data[1].relevance, event_relevance::unreadable) << each.event;
    EXPECT_EQ(page->data[1].id, each.id) << each.event;
    EXPECT_EQ(page->data[1].session_id, each.session_id) << each.event;
    EXPECT_FALSE(page->data[1].session);
    EXPECT_EQ(page->data[2].session.value().amount_total, 400);
  }
}

TEST(EventPage, RefusesOtherDocuments) {
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
      {R"({"data":["evt_1"]})", code::unexpected_type},
      {R"({"data":[{}]})", code::wrong_object},
      {R"({"data":[{"object":"event"},{}]})", code::wrong_object},
      {R"({"data":[{"object":null}]})", code::wrong_object},
      {R"({"data":[{"object":"checkout.session"}]})", code::wrong_object},
      {R"({"data":[],"has_more":1})", code::unexpected_type},
      {R"({"data":[],"data":[]})", code::repeated_key},
      {R"({"data":[{"id":"a","id":"a"}]})", code::wrong_object},
      {R"({"data":[{"object":7}]})", code::wrong_object},
      {R"({"data":[})", code::not_json},
      {"", code::not_json},
  };
  for (const auto& each : cases)
    EXPECT_EQ(error_code_of(sr::parse_event_page(each.json)), each.why) << each.json;
}

TEST(EventPage, NeverRepeatsWhatTheDocumentHeld) {
  for (const char* json : {R"({"object":"CANARY"})", R"({"data":[{"id":"CANARY","id":"CANARY"}]})",
                           R"({"data":[{"object":"CANARY"}]})", R"({"data":["CANARY"]})"}) {
    const auto page = sr::parse_event_page(json);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().message.find("CANARY"), std::string::npos) << page.error().message;
  }
}

} // namespace
