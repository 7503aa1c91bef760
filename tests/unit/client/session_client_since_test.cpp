// What happened since: sessions and events.
#include "scripted_client.hpp"

#include <stripe_return/core/decide.hpp>

#include "unit/core/error_code_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using testing::ElementsAre;

const std::string sessions_url =
    "https://api.stripe.com/v1/checkout/sessions?created%5Bgte%5D=1774256386&limit=100";
const std::string events_url = "https://api.stripe.com/v1/events"
                               "?types%5B%5D=checkout.session.completed"
                               "&types%5B%5D=checkout.session.async_payment_succeeded"
                               "&types%5B%5D=checkout.session.async_payment_failed"
                               "&types%5B%5D=checkout.session.expired"
                               "&types%5B%5D=payment_intent.succeeded"
                               "&types%5B%5D=payment_intent.canceled"
                               "&types%5B%5D=payment_intent.amount_capturable_updated"
                               "&types%5B%5D=charge.refunded"
                               "&types%5B%5D=charge.dispute.created"
                               "&created%5Bgte%5D=1774256386&limit=100";
constexpr sr::unix_seconds since = 1774256386;

scripted_client::answer page(const std::string& elements, bool has_more = false) {
  return sr::testkit::stripe_response(200,
                                      R"({"object":"list","data":[)" + elements +
                                          R"(],"has_more":)" + (has_more ? "true}" : "false}"),
                                      1);
}

std::string event(const std::string& object = session_json().text(),
                  const std::string& fields = R"("livemode":false)") {
  return R"({"id":"evt_1","object":"event","created":1774256446,)"
         R"("type":"checkout.session.completed","data":{"object":)" +
         object + "}," + fields + "}";
}

TEST(SessionClientSessionsSince, FetchesPageAfterPage) {
  const std::string other = session_json().set("id", quoted("cs_test_b2")).text();
  scripted_client stripe({page(session_json().text() + "," + other, true), page("")});
  const auto first = stripe.client.sessions_since(made_since(since));
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_EQ(first->data.size(), 2u);
  EXPECT_EQ(first->data[0].id, "cs_test_a1");
  EXPECT_EQ(first->data[0].account, "");
  EXPECT_TRUE(first->has_more);
  const auto second = stripe.client.sessions_since(made_since(since, first->data.back().id));
  ASSERT_TRUE(second);
  EXPECT_TRUE(second->data.empty());
  EXPECT_FALSE(second->has_more);
  EXPECT_THAT(stripe.urls(),
              ElementsAre(sessions_url, sessions_url + "&starting_after=cs_test_b2"));
  EXPECT_FALSE(stripe.transport->requests()[0].form) << "a POST";
}

TEST(SessionClientEventsSince, FetchesPageAfterPage) {
  scripted_client stripe({page(event(), true), page("")});
  const auto first = stripe.client.events_since(made_since(since));
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_EQ(first->data.size(), 1u);
  EXPECT_EQ(first->data[0].id, "evt_1");
  EXPECT_EQ(first->data[0].relevance, sr::event_relevance::handled);
  EXPECT_TRUE(decide_unchecked(*observation_of(first->data[0])).may_fulfill("A1"));
  EXPECT_TRUE(first->has_more);
  const auto second = stripe.client.events_since(made_since(since, first->data.back().id));
  ASSERT_TRUE(second);
  EXPECT_FALSE(second->has_more);
  EXPECT_THAT(stripe.urls(), ElementsAre(events_url, events_url + "&starting_after=evt_1"));
  EXPECT_FALSE(stripe.transport->requests()[0].form) << "a POST";
}

// decide() compares the account with the order's.
TEST(SessionClientSessionsSince, AsksOnBehalfOfTheAccountOfTheClientOrOfTheCall) {
  sr::client_options options = scripted_client::options();
  options.account = "acct_1";
  scripted_client stripe({page(session_json().text())}, options);
  const auto own = stripe.client.sessions_since(made_since(since));
  ASSERT_TRUE(own);
  EXPECT_EQ(own->data.at(0).account, "acct_1");
  EXPECT_TRUE(own->data.at(0).of_own_account);
  const auto other = stripe.client.sessions_since(made_since(since, {}, "acct_2"));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->data.at(0).account, "acct_2");
  EXPECT_FALSE(other->data.at(0).of_own_account);
  const auto requests = stripe.transport->requests();
  for (const sr::http_request& request : requests) {
    ASSERT_EQ(request.headers.size(), 2u);
    EXPECT_EQ(request.headers[0].value, sr::stripe_api_version);
    EXPECT_EQ(request.headers[1].name, "stripe-account");
  }
  EXPECT_EQ(requests[0].headers[1].value, "acct_1");
  EXPECT_EQ(requests[1].headers[1].value, "acct_2");
}

TEST(SessionClientEventsSince, AsksOnBehalfOfTheAccountOfTheClientOrOfTheCall) {
  sr::client_options options = scripted_client::options();
  options.account = "acct_1";
  scripted_client stripe(
      {page(event() + "," +
            event(session_json().text(), R"("livemode":false,"account":"acct_2")"))},
      options);
  for (const auto& [of_call, asked] :
       std::vector<std::pair<std::string, std::string>>{{"", "acct_1"}, {"acct_2", "acct_2"}}) {
    const auto got = stripe.client.events_since(made_since(since, {}, of_call));
    ASSERT_TRUE(got);
    ASSERT_EQ(got->data.size(), 2u);
    EXPECT_EQ(got->data[0].account, asked);
    EXPECT_EQ(got->data[0].session.value().account, asked);
    EXPECT_EQ(got->data[0].session->of_own_account, asked == "acct_1");
    EXPECT_EQ(got->data[1].account, "acct_2");
    EXPECT_EQ(got->data[1].relevance, asked == "acct_2" ? sr::event_relevance::handled
                                                        : sr::event_relevance::other_account);
    EXPECT_EQ(got->data[1].session.has_value(), asked == "acct_2");
    EXPECT_EQ(stripe.transport->requests().back().headers[1].value, asked);
  }
}

TEST(SessionClientEventsSince, TakesNoOtherAccountsEventForItsOwn) {
  for (const char* whose : {R"(,"account":"acct_2")", R"(,"context":"org_1/acct_2")"}) {
    scripted_client stripe(
        {page(event(session_json().text(), std::string(R"("livemode":false)") + whose))});
    const auto got = stripe.client.events_since(made_since(since));
    ASSERT_TRUE(got);
    const sr::checkout_session& session = got->data.at(0).session.value();
    EXPECT_EQ(session.account, "acct_2");
    EXPECT_FALSE(session.of_own_account);
  }
}

TEST(SessionClientEventsSince, KeepsEventsAboutOtherThings) {
  const std::string other = R"({"id":"evt_1","object":"event","type":"charge.succeeded",)"
                            R"("livemode":false,"data":{"object":{"status":7}}})";
  scripted_client stripe({page(other + "," + event())});
  const auto got = stripe.client.events_since(made_since(since));
  ASSERT_TRUE(got);
  ASSERT_EQ(got->data.size(), 2u);
  EXPECT_EQ(got->data[0].id, "evt_1");
  EXPECT_EQ(got->data[0].relevance, sr::event_relevance::other_type);
  EXPECT_FALSE(got->data[0].session);
  EXPECT_TRUE(got->data[1].session);
}

TEST(SessionClientEventsSince, KeepsEventsThatCannotBeRead) {
  const std::string no_session = R"({"id":"cs_test_b2","object":"checkout.session","mode":7})";
  scripted_client stripe(
      {page(event(no_session) + "," + event(no_session, R"("livemode":7)") + "," + event())});
  const auto got = stripe.client.events_since(made_since(since, {}, "acct_2"));
  ASSERT_TRUE(got) << got.error().message;
  ASSERT_EQ(got->data.size(), 3u);
  for (const std::size_t i : {0u, 1u}) {
    EXPECT_EQ(got->data[i].relevance, sr::event_relevance::unreadable);
    EXPECT_EQ(got->data[i].session_id, "cs_test_b2");
    EXPECT_EQ(got->data[i].account, "acct_2");
  }
  EXPECT_TRUE(got->data[2].session);
}

// Both calls, as one that says only why it failed.
using since_call = std::function<code(const sr::session_client&, std::string_view after,
                                      std::string_view account)>;
const std::vector<since_call> both{
    [](const sr::session_client& client, std::string_view after, std::string_view account) {
      return error_code_of(
                 client.sessions_since(made_since(since, std::string(after), std::string(account))))
          .value();
    },
    [](const sr::session_client& client, std::string_view after, std::string_view account) {
      return error_code_of(
                 client.events_since(made_since(since, std::string(after), std::string(account))))
          .value();
    }};

// It goes into the URL, and may have come from a browser.
TEST(SessionClientSince, SendsNothingAfterWhatIsNoId) {
  scripted_client stripe({page("")});
  for (const std::string& id :
       {std::string("evt_1&limit=1"), std::string("cs 1"), std::string("../x"),
        std::string("evt_1\r\nX: y"), std::string("\xc3\xa9"), std::string(256, 'a')}) {
    for (const since_call& call : both)
      EXPECT_EQ(call(stripe.client, id, {}), code::invalid_option) << id;
  }
  for (const since_call& call : both)
    EXPECT_EQ(call(stripe.client, {}, "acct_\n"), code::invalid_option);
  EXPECT_EQ(stripe.sent(), 0u);
}

TEST(SessionClientSince, TypesItsErrors) {
  struct row {
    scripted_client::answer answer;
    code why;
  };
  for (const row& each : std::vector<row>{
           {sr::testkit::stripe_response(200, "<html>", 1), code::not_json},
           {scripted_client::session(), code::wrong_object},
           {page(R"({"object":"item"})"), code::wrong_object},
           {page("{}"), code::wrong_object},
           {page("7"), code::unexpected_type},
           {scripted_client::status(403), code::permission_denied},
           {scripted_client::status(500), code::stripe_unavailable},
           {scripted_client::failure(code::connection_refused), code::connection_refused}}) {
    for (const since_call& call : both) {
      scripted_client stripe({each.answer});
      EXPECT_EQ(call(stripe.client, {}, {}), each.why) << to_string(each.why);
    }
  }
}

TEST(SessionClientSessionsSince, HoldsEachSessionAgainstTheKey) {
  struct row {
    session_json json;
    code why;
  };
  for (const row& each :
       std::vector<row>{{session_json().set("livemode", "true"), code::livemode_mismatch},
                        {session_json().drop("livemode"), code::livemode_mismatch},
                        {session_json().drop("object"), code::wrong_object},
                        {session_json().set("id", quoted("../x")), code::wrong_session}}) {
    scripted_client stripe({page(session_json().text() + "," + each.json.text())});
    const auto refused = stripe.client.sessions_since(made_since(since));
    ASSERT_EQ(error_code_of(refused), each.why) << each.json.text();
    EXPECT_EQ(refused.error().http_status, 200);
    EXPECT_EQ(refused.error().request_id, "req_scripted");
  }
  scripted_client live({page(session_json().set("livemode", "true").text())},
                       scripted_client::options("sk_live_1"));
  EXPECT_TRUE(live.client.sessions_since(made_since(since)));
}

TEST(SessionClientEventsSince, HoldsEachEventAgainstTheKey) {
  const std::string live_session = session_json().set("livemode", "true").text();
  const std::string live = R"("livemode":true)";
  for (const std::string& other : {event(session_json().text(), live), event(live_session),
                                   event("null", live), event(session_json().text(), R"("x":1)")}) {
    scripted_client stripe({page(event() + "," + other)});
    const auto refused = stripe.client.events_since(made_since(since));
    ASSERT_EQ(error_code_of(refused), code::livemode_mismatch) << other;
    EXPECT_EQ(refused.error().http_status, 200);
    EXPECT_EQ(refused.error().request_id, "req_scripted");
  }
  scripted_client stripe({page(event(live_session, live))}, scripted_client::options("sk_live_1"));
  EXPECT_TRUE(stripe.client.events_since(made_since(since)));
}

TEST(SessionClientSince, TriesAgainUnderOneDeadline) {
  for (const since_call& call : both) {
    sr::testkit::fake_time* clock = nullptr;
    sr::client_options options = scripted_client::options();
    options.retry.max_retries = 5;
    scripted_client stripe(
        [&](const sr::http_request& request) {
          clock->advance(request.timeout);
          return scripted_client::failure(code::timed_out_waiting);
        },
        options);
    clock = stripe.clock.get();
    const auto begin = clock->now();
    EXPECT_EQ(call(stripe.client, {}, {}), code::timed_out_waiting);
    EXPECT_LE(clock->now() - begin, options.deadline);
    EXPECT_GE(stripe.sent(), 2u);
  }
}

} // namespace
