#include <stripe_return/client/return_handler.hpp>

#include "scripted_client.hpp"

#include "unit/core/error_code_of.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using code = sr::error_code;
using sr::order_state;
using sr::reason;

sr::expected_order order(const std::string& out_trade_no = "A1", std::int64_t amount = 400) {
  sr::expected_order expected;
  expected.out_trade_no = out_trade_no;
  expected.amounts = {sr::money(amount, "cny")};
  return expected;
}

TEST(ReturnHandler, TakesAQueryToTheOutcomeOfTheOrder) {
  scripted_client stripe({scripted_client::session()});
  const sr::return_handler on_return(stripe.client);
  for (const char* query : {"session_id=cs_test_a1", "?session_id=cs_test_a1&lang=zh",
                            "https://shop.example/return?session_id=cs_test_a1"}) {
    const auto outcome = on_return.handle(query, order());
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->state(), order_state::paid);
    EXPECT_EQ(outcome->out_trade_no(), "A1");
    EXPECT_TRUE(outcome->may_fulfill("A1"));
    EXPECT_FALSE(outcome->may_fulfill("A2"));
    EXPECT_FALSE(outcome->has(reason::not_checked_against_order));
    EXPECT_FALSE(outcome->has(reason::local_clock));
  }
  EXPECT_EQ(stripe.sent(), 3u);
}

TEST(ReturnHandler, HoldsTheSessionAgainstTheOrder) {
  scripted_client stripe({scripted_client::session()});
  const sr::return_handler on_return(stripe.client);
  const auto other = on_return.handle("session_id=cs_test_a1", order("A2"));
  ASSERT_TRUE(other);
  EXPECT_EQ(other->state(), order_state::needs_review);
  EXPECT_TRUE(other->has(reason::out_trade_no_mismatch));
  EXPECT_FALSE(other->may_fulfill("A1"));
  EXPECT_FALSE(other->may_fulfill("A2"));

  const auto dearer = on_return.handle("session_id=cs_test_a1", order("A1", 40000));
  ASSERT_TRUE(dearer);
  EXPECT_EQ(dearer->state(), order_state::needs_review);
  EXPECT_TRUE(dearer->has(reason::amount_mismatch));
  EXPECT_FALSE(dearer->may_fulfill("A1"));
}

TEST(ReturnHandler, DecidesWithoutAnOrderAndSaysSo) {
  scripted_client stripe({scripted_client::session()});
  const sr::return_handler on_return(stripe.client);
  const auto outcome = on_return.handle("session_id=cs_test_a1");
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->state(), order_state::paid);
  EXPECT_TRUE(outcome->may_fulfill("A1"));
  EXPECT_TRUE(outcome->has(reason::not_checked_against_order));
}

TEST(ReturnHandler, SendsNothingForABadQuery) {
  scripted_client stripe({scripted_client::session()});
  const sr::return_handler on_return(stripe.client);
  struct row {
    std::string query;
    code why;
  };
  for (const row& each :
       std::vector<row>{{"", code::missing_session_id},
                        {"?", code::missing_session_id},
                        {"order=A1", code::missing_session_id},
                        {"session_id=", code::empty_session_id},
                        {"session_id=cs_test_a1&session_id=cs_test_a1", code::repeated_session_id},
                        {"session_id[]=cs_test_a1", code::array_session_id},
                        {"session_id=cs_test_" + std::string(300, 'a'), code::session_id_too_long},
                        {"session_id=../customers/cus_1", code::malformed_session_id},
                        {"session_id=cs_test_a1/line_items", code::malformed_session_id},
                        {"session_id=cs_test_a1%0d%0aX", code::malformed_session_id},
                        {"session_id={CHECKOUT_SESSION_ID}", code::unreplaced_template},
                        {"session_id=cs_test_a1_secret_x", code::client_secret_given},
                        {"session_id=cs_live_a1", code::live_session_with_test_key}}) {
    EXPECT_EQ(error_code_of(on_return.handle(each.query)), each.why) << each.query;
    EXPECT_EQ(error_code_of(on_return.handle(each.query, order())), each.why) << each.query;
  }
  EXPECT_EQ(stripe.sent(), 0u);
}

TEST(ReturnHandler, PassesErrorsThrough) {
  struct row {
    scripted_client::answer answer;
    code why;
    int status;
  };
  for (const row& each : std::vector<row>{
           {scripted_client::status(404, "resource_missing"), code::session_not_found, 404},
           {scripted_client::status(401), code::unauthorized, 401},
           {scripted_client::failure(code::could_not_resolve), code::could_not_resolve, 0},
           {scripted_client::session(session_json().set("id", quoted("cs_test_b2"))),
            code::wrong_session, 200}}) {
    scripted_client stripe({each.answer});
    const sr::return_handler on_return(stripe.client);
    const auto checked = on_return.handle("session_id=cs_test_a1", order());
    const auto unchecked = on_return.handle("session_id=cs_test_a1");
    for (const auto* outcome : {&checked, &unchecked}) {
      ASSERT_EQ(error_code_of(*outcome), each.why);
      EXPECT_EQ(outcome->error().http_status, each.status);
    }
  }
}

TEST(ReturnHandler, ReadsTheParameterThatTheApplicationNamed) {
  scripted_client stripe({scripted_client::session()});
  sr::return_handler_options options;
  options.parameter = "cs";
  const sr::return_handler on_return(stripe.client, options);
  EXPECT_TRUE(on_return.handle("cs=cs_test_a1"));
  EXPECT_EQ(error_code_of(on_return.handle("session_id=cs_test_a1")), code::missing_session_id);
  EXPECT_EQ(error_code_of(on_return.handle("session_id=cs_test_a1", order())),
            code::missing_session_id);
  EXPECT_EQ(stripe.sent(), 1u);
}

TEST(ReturnHandler, ReadsTheOrderKeyThatTheApplicationNamed) {
  scripted_client stripe({scripted_client::session(
      session_json().set("metadata", R"({"out_trade_no":"A1","order":"B2"})"))});
  sr::return_handler_options options;
  options.naming.order_key = "order";
  const sr::return_handler on_return(stripe.client, options);
  const auto unchecked = on_return.handle("session_id=cs_test_a1");
  ASSERT_TRUE(unchecked);
  EXPECT_EQ(unchecked->out_trade_no(), "B2");
  const auto checked = on_return.handle("session_id=cs_test_a1", order("B2"));
  ASSERT_TRUE(checked);
  EXPECT_TRUE(checked->may_fulfill("B2"));
}

TEST(ReturnHandler, TakesClientReferenceIdOnlyWhenAsked) {
  const auto answer = scripted_client::session(
      session_json().drop("metadata").set("client_reference_id", quoted("C3")));
  for (const bool asked : {false, true}) {
    scripted_client stripe({answer});
    sr::return_handler_options options;
    options.naming.client_reference_id = asked;
    const sr::return_handler on_return(stripe.client, options);
    const auto outcome = on_return.handle("session_id=cs_test_a1");
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->out_trade_no(), asked ? "C3" : "");
    EXPECT_EQ(outcome->may_fulfill("C3"), asked);
  }
}

TEST(ReturnHandler, FetchesFromTheAccountOfTheOrder) {
  sr::client_options options = scripted_client::options();
  options.account = "acct_1";
  scripted_client stripe({scripted_client::session()}, options);
  const sr::return_handler on_return(stripe.client);

  sr::expected_order expected = order();
  expected.account = "acct_2";
  const auto of_order = on_return.handle("session_id=cs_test_a1", expected);
  ASSERT_TRUE(of_order);
  EXPECT_TRUE(of_order->may_fulfill("A1"));
  const auto of_client = on_return.handle("session_id=cs_test_a1", order());
  ASSERT_TRUE(of_client);
  EXPECT_TRUE(of_client->may_fulfill("A1"));
  ASSERT_TRUE(on_return.handle("session_id=cs_test_a1"));

  std::vector<std::string> accounts;
  for (const sr::http_request& request : stripe.transport->requests())
    accounts.push_back(request.headers.back().value);
  EXPECT_EQ(accounts, (std::vector<std::string>{"acct_2", "acct_1", "acct_1"}));
}

// An order that came from outside cannot smuggle a header in.
TEST(ReturnHandler, SendsNothingForABadAccount) {
  scripted_client stripe({scripted_client::session()});
  const sr::return_handler on_return(stripe.client);
  sr::expected_order expected = order();
  expected.account = "acct_2\r\nX-Evil: 1";
  EXPECT_EQ(error_code_of(on_return.handle("session_id=cs_test_a1", expected)),
            code::invalid_option);
  EXPECT_EQ(stripe.sent(), 0u);
}

TEST(ReturnHandler, TellsWhatTheFetchCouldNotSee) {
  scripted_client stripe([](const sr::http_request& request) {
    if (request.url.find("payment_intent") != std::string::npos)
      return scripted_client::status(403);
    return scripted_client::answer(sr::http_response{200, {}, session_json().text()});
  });
  const sr::return_handler on_return(stripe.client);
  for (const auto& outcome : {on_return.handle("session_id=cs_test_a1"),
                              on_return.handle("session_id=cs_test_a1", order())}) {
    ASSERT_TRUE(outcome);
    EXPECT_TRUE(outcome->has(reason::payment_intent_not_permitted));
  }
}

// Only what is known to be wrong is called wrong: a page must never say that a payment failed
// because Stripe could not be asked.
TEST(HttpAnswer, IsThatOfThePage) {
  scripted_client stripe({scripted_client::session()});
  EXPECT_EQ(http_answer(sr::return_handler(stripe.client).handle("session_id=cs_test_a1")), 200);
  std::vector<int> counts(600);
  for (int i = 0; i <= static_cast<int>(code::unreadable_file); ++i)
    ++counts[static_cast<std::size_t>(
        http_answer(sr::error{static_cast<code>(i), "a failure of any kind"}))];
  EXPECT_EQ(counts[400], 10);
  EXPECT_EQ(counts[404], 2);
  EXPECT_EQ(counts[503], static_cast<int>(code::unreadable_file) + 1 - 12);
  for (const code bad_link : {code::missing_session_id, code::live_session_with_test_key})
    EXPECT_EQ(http_answer(sr::error{bad_link, ""}), 400);
  EXPECT_EQ(http_answer(sr::error{code::session_not_found, ""}), 404);
  for (const code unknown : {code::missing_secret_key, code::unauthorized, code::not_json})
    EXPECT_EQ(http_answer(sr::error{unknown, ""}), 503);
}

// cs_test_d continues c, which continues b, which continues a.
scripted_client::answer of_a_chain(const sr::http_request& request) {
  const std::string id = request.url.substr(request.url.find("cs_test_"), 9);
  session_json json;
  json.set("id", quoted(id));
  if (id.back() > 'a') {
    json.set("recovered_from",
             quoted("cs_test_" + std::string(1, static_cast<char>(id.back() - 1))));
  }
  return scripted_client::session(json);
}

TEST(ReturnHandler, FollowsTheSessionsThatItsOwnWasRecoveredFrom) {
  scripted_client stripe(of_a_chain);
  const sr::return_handler on_return(stripe.client);
  const struct {
    const char* issued;
    bool fulfilled;
    std::size_t requests;
  } rows[] = {{"cs_test_d", true, 1}, {"cs_test_c", true, 1},  {"cs_test_b", true, 2},
              {"cs_test_a", true, 3}, {"cs_test_z", false, 4}, {nullptr, true, 1}};
  std::size_t sent = 0;
  for (const auto& each : rows) {
    sr::expected_order expected = order();
    if (each.issued != nullptr) expected.session_ids = {each.issued};
    const auto outcome = on_return.handle("session_id=cs_test_d", expected);
    ASSERT_TRUE(outcome) << outcome.error().message;
    EXPECT_EQ(outcome->may_fulfill("A1"), each.fulfilled);
    EXPECT_EQ(outcome->has(reason::session_not_issued), !each.fulfilled);
    EXPECT_EQ(stripe.sent() - sent, each.requests);
    sent = stripe.sent();
  }
}

// What is not known then is whether the session is the order's.
TEST(ReturnHandler, IsAnErrorWhereTheChainCannotBeRead) {
  scripted_client stripe([](const sr::http_request& request) {
    return request.url.find("cs_test_d") != std::string::npos
               ? of_a_chain(request)
               : scripted_client::answer(scripted_client::status(401));
  });
  sr::expected_order expected = order();
  expected.session_ids = {"cs_test_a"};
  EXPECT_EQ(
      error_code_of(sr::return_handler(stripe.client).handle("session_id=cs_test_d", expected)),
      code::unauthorized);
}

TEST(ReturnHandler, EndsWhereSessionsClaimToContinueEachOther) {
  scripted_client stripe([](const sr::http_request& request) {
    const bool first = request.url.find("cs_test_a") != std::string::npos;
    return scripted_client::session(
        session_json()
            .set("id", quoted(first ? "cs_test_a" : "cs_test_b"))
            .set("recovered_from", quoted(first ? "cs_test_b" : "cs_test_a")));
  });
  sr::expected_order expected = order();
  expected.session_ids = {"cs_test_z"};
  const auto outcome = sr::return_handler(stripe.client).handle("session_id=cs_test_a", expected);
  ASSERT_TRUE(outcome);
  EXPECT_TRUE(outcome->has(reason::session_not_issued));
  EXPECT_LE(stripe.sent(), 40u);
}

TEST(ReturnHandler, SendsNothingForAnOrderOrANamingThatNothingCanBeHeldAgainst) {
  scripted_client stripe({scripted_client::session()});
  sr::expected_order no_amount = order();
  no_amount.amounts.clear();
  EXPECT_EQ(
      error_code_of(sr::return_handler(stripe.client).handle("session_id=cs_test_a1", no_amount)),
      code::invalid_option);
  sr::return_handler_options options;
  options.naming.order_key = "a[b]";
  const sr::return_handler on_return(stripe.client, options);
  EXPECT_EQ(error_code_of(on_return.handle("session_id=cs_test_a1", order())),
            code::invalid_option);
  EXPECT_EQ(error_code_of(on_return.handle("session_id=cs_test_a1")), code::invalid_option);
  EXPECT_EQ(stripe.sent(), 0u);
}

} // namespace
