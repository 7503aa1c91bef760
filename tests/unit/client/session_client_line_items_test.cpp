#include "scripted_client.hpp"

#include "unit/core/error_code_of.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using testing::ElementsAre;

const std::string url = "https://api.stripe.com/v1/checkout/sessions/cs_test_a1/line_items";

std::string page(const std::string& items, bool has_more) {
  return R"({"object":"list","data":[)" + items + R"(],"has_more":)" +
         (has_more ? "true}" : "false}");
}

std::string item(const std::string& id) {
  return R"({"id":")" + id + R"(","object":"item","quantity":2,"amount_total":400})";
}

scripted_client::answer ok(const std::string& body) {
  return sr::testkit::stripe_response(200, body, 1);
}

TEST(SessionClientLineItems, FetchesPageAfterPage) {
  scripted_client stripe([](const sr::http_request& request) {
    return request.url.find("starting_after=li_2") != std::string::npos
               ? ok(page(item("li_3"), false))
               : ok(page(item("li_1") + "," + item("li_2"), true));
  });
  const auto first = stripe.client.line_items(id_of("cs_test_a1"));
  ASSERT_TRUE(first);
  ASSERT_EQ(first->data.size(), 2u);
  EXPECT_EQ(first->data[1].id, "li_2");
  EXPECT_EQ(first->data[1].quantity, 2);
  EXPECT_TRUE(first->has_more);

  const auto second =
      stripe.client.line_items(id_of("cs_test_a1"), page_after(first->data.back().id));
  ASSERT_TRUE(second);
  ASSERT_EQ(second->data.size(), 1u);
  EXPECT_EQ(second->data[0].id, "li_3");
  EXPECT_FALSE(second->has_more);
  EXPECT_THAT(stripe.urls(),
              ElementsAre(url + "?limit=100", url + "?limit=100&starting_after=li_2"));
  EXPECT_THAT(stripe.authorizations(), ElementsAre("Bearer sk_test_1", "Bearer sk_test_1"));
}

TEST(SessionClientLineItems, AsksOnBehalfOfTheAccountOfTheClientOrOfTheCall) {
  sr::client_options options = scripted_client::options();
  options.account = "acct_1";
  scripted_client stripe({ok(page("", false))}, options);
  ASSERT_TRUE(stripe.client.line_items(id_of("cs_test_a1")));
  ASSERT_TRUE(stripe.client.line_items(id_of("cs_test_a1"), page_after({}, "acct_2")));
  const auto requests = stripe.transport->requests();
  for (const sr::http_request& request : requests) {
    ASSERT_EQ(request.headers.size(), 2u);
    EXPECT_EQ(request.headers[0].name, "stripe-version");
    EXPECT_EQ(request.headers[0].value, sr::stripe_api_version);
    EXPECT_EQ(request.headers[1].name, "stripe-account");
  }
  EXPECT_EQ(requests[0].headers[1].value, "acct_1");
  EXPECT_EQ(requests[1].headers[1].value, "acct_2");
  EXPECT_EQ(error_code_of(stripe.client.line_items(id_of("cs_test_a1"), page_after({}, "acct_\n"))),
            code::invalid_option);
  EXPECT_EQ(stripe.sent(), 2u);
}

// It goes into the URL, and may have come from a browser.
TEST(SessionClientLineItems, SendsNothingAfterWhatIsNoId) {
  scripted_client stripe({ok(page("", false))});
  for (const std::string& id :
       {std::string("li_1&limit=1"), std::string("li 1"), std::string("li_1#"), std::string("../x"),
        std::string("li_1\r\nX: y"), std::string("li_1%26"), std::string("li_1\0", 5),
        std::string("li-1"), std::string("\xc3\xa9"), std::string(256, 'a')}) {
    const auto refused = stripe.client.line_items(id_of("cs_test_a1"), page_after(id));
    ASSERT_EQ(error_code_of(refused), code::invalid_option) << id;
    EXPECT_NE(refused.error().message.find("starting_after"), std::string::npos);
  }
  EXPECT_EQ(stripe.sent(), 0u);
  EXPECT_TRUE(stripe.client.line_items(id_of("cs_test_a1"), page_after(std::string(255, 'a'))));
}

TEST(SessionClientLineItems, TypesItsErrors) {
  struct row {
    scripted_client::answer answer;
    code why;
    int status;
  };
  for (const row& each : std::vector<row>{
           {ok("<html>"), code::not_json, 200},
           {ok(session_json().text()), code::wrong_object, 200},
           {ok(R"({"object":"list","data":7,"has_more":false})"), code::unexpected_type, 200},
           {scripted_client::status(404), code::session_not_found, 404},
           {scripted_client::status(403), code::permission_denied, 403},
           {scripted_client::status(500), code::stripe_unavailable, 500}}) {
    scripted_client stripe({each.answer});
    const auto got = stripe.client.line_items(id_of("cs_test_a1"));
    ASSERT_EQ(error_code_of(got), each.why);
    EXPECT_EQ(got.error().http_status, each.status);
    EXPECT_EQ(got.error().request_id, "req_scripted");
  }
  scripted_client stripe({scripted_client::failure(code::connection_refused)});
  EXPECT_EQ(error_code_of(stripe.client.line_items(id_of("cs_test_a1"))), code::connection_refused);
}

TEST(SessionClientLineItems, TriesAgain) {
  scripted_client stripe({scripted_client::status(500), ok(page("", false))});
  EXPECT_TRUE(stripe.client.line_items(id_of("cs_test_a1")));
  EXPECT_EQ(stripe.clock->waits().size(), 1u);
}

TEST(SessionClientLineItems, KeepsOneDeadlineOverAllAttempts) {
  sr::testkit::fake_time* clock = nullptr;
  sr::client_options options = scripted_client::options();
  options.retry.max_retries = 5;
  scripted_client stripe(
      [&](const sr::http_request& request) {
        EXPECT_LE(request.timeout, options.attempt_timeout);
        EXPECT_LE(request.connect_timeout, options.connect_timeout);
        clock->advance(request.timeout);
        return scripted_client::failure(code::timed_out_waiting);
      },
      options);
  clock = stripe.clock.get();
  const auto begin = clock->now();
  EXPECT_EQ(error_code_of(stripe.client.line_items(id_of("cs_test_a1"))), code::timed_out_waiting);
  EXPECT_LE(clock->now() - begin, options.deadline);
}

} // namespace
