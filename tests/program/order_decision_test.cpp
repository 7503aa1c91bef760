// What a person decides about orders: resolve, cancel, close, mark-fulfilled, mark-refunded,
// refresh. Every result word is reached.
#include "order_fixture.hpp"

namespace {

namespace sr = stripe_return;
using nlohmann::json;

TEST_F(OrderCommands, ADuplicatePaymentIsRejected) {
  const std::vector<std::string> sessions = sell_twice();
  const std::string item = open_items(shown()["review_items"]).at(0);
  work([&] { EXPECT_EQ(result_of({"resolve", item, "reject"}), "claimed"); });
  const json done = decided({"resolve", item, "reject", "--note", "She paid twice."});
  EXPECT_EQ(done["result"], "done");
  const json& order = done["order"];
  EXPECT_EQ(order["out_trade_no"], "A1");
  EXPECT_EQ(order["stage"], "fulfilled");
  EXPECT_EQ(order["review_items"][0]["verdict"], "reject");
  EXPECT_EQ(order["review_items"][0]["by"], "ann");
  EXPECT_EQ(order["review_items"][0]["note"], "She paid twice.");
  EXPECT_EQ(order["to_give_back"][0]["session_id"], sessions[1]);
  EXPECT_EQ(order["history"].back()["action"], "rejected");
  EXPECT_EQ(order["history"].back()["who"], "ann");

  EXPECT_EQ(result_of({"resolve", item, "reject"}), "nothing_to_decide");
  const json unknown = decided({"resolve", "cs_test_1:1", "accept"});
  EXPECT_EQ(unknown["result"], "nothing_to_decide");
  EXPECT_EQ(unknown["order"], nullptr);
}

TEST_F(OrderCommands, AnUnmatchedPaymentIsAcceptedForAnOrder) {
  ASSERT_TRUE(orders_.expect(order("A1")));
  const json session = made_elsewhere("B7");
  shop_.apply(session, "pay");
  come_back(session);
  const std::string item = open_items(listed()["unmatched_items"]).at(0);
  const json refused = decided({"resolve", item, "accept"});
  EXPECT_EQ(refused["result"], "refused"); // nobody expects B7
  EXPECT_EQ(refused["order"]["stage"], "unmatched");
  const json done = decided({"resolve", item, "accept", "--order", "A1"});
  EXPECT_EQ(done["result"], "done");
  EXPECT_EQ(done["order"]["out_trade_no"], "A1");
  EXPECT_EQ(done["order"]["stage"], "due");
  EXPECT_EQ(done["order"]["review_items"][0]["verdict"], "accept");
}

TEST_F(OrderCommands, AnItemThatHasClosedItselfIsNotDecided) {
  const json session = open();
  shop_.commanded("/sessions/" + session.at("id").get<std::string>() + "/update",
                  {{"discount", 100}});
  shop_.commanded("/clock", {{"advance", 5}}); // what is newer counts
  learn();
  const std::string item = open_items(shown()["review_items"]).at(0);
  shop_.apply(session, "expire");
  learn();
  EXPECT_EQ(result_of({"resolve", item, "accept"}), "changed_meanwhile");
  EXPECT_EQ(shown()["review_items"][0]["verdict"], nullptr);
  EXPECT_EQ(shown()["review_items"][0]["state"], "closed");
}

TEST_F(OrderCommands, AnOrderIsCanceled) {
  const json session = sell();
  work([&] {
    EXPECT_EQ(result_of({"cancel", "A1"}), "claimed");
    EXPECT_EQ(result_of({"mark-fulfilled", "A1", "--unknown"}), "claimed");
  });
  EXPECT_EQ(result_of({"cancel", "A1"}), "fulfilled");

  const json other = sell("A2");
  const json canceled = decided({"cancel", other.at("id")});
  EXPECT_EQ(canceled["result"], "canceled");
  EXPECT_EQ(canceled["order"]["stage"], "canceled");
  EXPECT_EQ(canceled["order"]["to_give_back"][0]["session_id"], other["id"]);
  EXPECT_EQ(canceled["order"]["history"].back()["who"], "ann");
}

TEST_F(OrderCommands, WhatCanStillBePaidIsNotOver) {
  open();
  shop_.commanded("/faults",
                  {{"kind", "status"}, {"status", 500}, {"method", "POST"}, {"count", 100}});
  EXPECT_EQ(result_of({"cancel", "A1"}), "still_payable");
  EXPECT_EQ(result_of({"close", "A1"}), "not_yet");
  EXPECT_EQ(shown()["stage"], "open");
  shop_.clear_faults();
  const json closed = decided({"close", "A1"});
  EXPECT_EQ(closed["result"], "closed");
  EXPECT_EQ(closed["order"]["stage"], "closed");
  EXPECT_EQ(closed["order"]["may_release"], true);
}

TEST_F(OrderCommands, WhatIsPaidIsNotClosed) {
  const json session = open();
  shop_.apply(session, "pay");
  const json paid = decided({"close", "A1"});
  EXPECT_EQ(paid["result"], "paid");
  EXPECT_EQ(paid["order"]["stage"], "due");
}

TEST_F(OrderCommands, WhatStripeDoesNotKnowIsUnknown) {
  open();
  shop_.commanded("/reset");
  EXPECT_EQ(result_of({"close", "A1"}), "unknown");
  EXPECT_EQ(result_of({"cancel", "A1"}), "unknown");
  EXPECT_EQ(shown()["stage"], "open");
  EXPECT_TRUE(shown()["sessions"][0]["not_found_at"].is_number());
}

TEST_F(OrderCommands, AnOrderIsMarkedFulfilled) {
  const std::string session = sell("A1").at("id");
  const json by_session = decided({"mark-fulfilled", "A1", "--paid-by", session});
  EXPECT_EQ(by_session["result"], "marked");
  EXPECT_EQ(by_session["order"]["stage"], "fulfilled");
  EXPECT_EQ(by_session["order"]["fulfilled_by"], "session");
  EXPECT_EQ(by_session["order"]["paid_session"], session);
  EXPECT_EQ(result_of({"mark-fulfilled", "A1", "--unknown"}), "already_fulfilled");

  sell("A2");
  const json elsewhere = decided({"mark-fulfilled", "A2", "--elsewhere"});
  EXPECT_EQ(elsewhere["result"], "marked");
  EXPECT_EQ(elsewhere["order"]["fulfilled_by"], "elsewhere");
  EXPECT_EQ(open_items(elsewhere["order"]["review_items"]).size(), 1u); // one payment too many

  sell("A3");
  const json unknown = decided({"mark-fulfilled", "A3", "--unknown"});
  EXPECT_EQ(unknown["result"], "marked");
  EXPECT_EQ(unknown["order"]["fulfilled_by"], "unknown");
  EXPECT_EQ(open_items(unknown["order"]["review_items"]).size(), 0u);

  sell("A4");
  expect_error(call_with_key({"mark-fulfilled", "A4", "--by", "ann", "--paid-by", session}).run(),
               "invalid_option");
}

TEST_F(OrderCommands, MoneyIsMarkedRefunded) {
  const std::vector<std::string> sessions = sell_twice();
  const std::string& first = sessions[0];
  EXPECT_EQ(result_of({"mark-refunded", first}), "nothing_to_decide");
  ASSERT_EQ(result_of({"cancel", "A1"}), "canceled");
  EXPECT_EQ(listed({"--to-give-back"})["to_give_back"].size(), 2u);
  const json done = decided({"mark-refunded", first});
  EXPECT_EQ(done["result"], "done");
  EXPECT_EQ(done["order"]["to_give_back"][0]["by"], "ann");
  EXPECT_TRUE(done["order"]["to_give_back"][0]["ended_at"].is_number());
  const json left = listed({"--to-give-back"})["to_give_back"];
  ASSERT_EQ(left.size(), 1u);
  EXPECT_EQ(left[0]["session_id"], sessions[1]);
  EXPECT_EQ(result_of({"mark-refunded", first}), "nothing_to_decide");
  EXPECT_EQ(decided({"mark-refunded", "cs_test_1"})["order"], nullptr);
}

TEST_F(OrderCommands, AnOrderIsRefreshed) {
  const json session = open();
  shop_.apply(session, "pay");
  EXPECT_EQ(shown()["stage"], "open");
  const json refreshed = decided({"refresh", session.at("id")});
  EXPECT_EQ(refreshed["result"], "done");
  EXPECT_EQ(refreshed["order"]["stage"], "due");
  EXPECT_EQ(refreshed["order"]["history"].back()["who"], "stripe-return");
  shop_.commanded("/faults", {{"kind", "status"}, {"status", 500}, {"count", 100}});
  expect_error(call_with_key({"refresh", "A1"}).run(), "stripe_unavailable");
}

// Otherwise what is read would not be what the application reads.
TEST_F(OrderCommands, AnOrderIsRefreshedByTheNamingOfTheApplication) {
  sr::order_options options;
  options.naming.order_key = "number";
  sr::order_service named(client_, store_, options);
  ASSERT_TRUE(named.expect(order("A1")));
  const json session = shop_.create("&metadata[number]=A1&metadata[out_trade_no]=");
  shop_.apply(session, "pay");
  ASSERT_TRUE(sr::payment_listener(named).on_return(
      "session_id=" + session.at("id").get<std::string>(), "A1"));
  const json refreshed = decided({"refresh", "A1", "--order-key", "number"});
  EXPECT_EQ(refreshed["order"]["stage"], "due");
  EXPECT_EQ(refreshed["order"]["review_items"], json::array());
}

TEST_F(OrderCommands, ADecisionNeedsAnOrder) {
  ASSERT_TRUE(orders_.expect(order("A1")));
  const json session = made_elsewhere("B7");
  shop_.apply(session, "pay");
  come_back(session);
  const std::string unmatched = session.at("id");
  for (const std::string& reference : {std::string("A2"), unmatched}) {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"refresh", reference},
             {"cancel", reference, "--by", "ann"},
             {"close", reference, "--by", "ann"},
             {"mark-fulfilled", reference, "--by", "ann", "--unknown"}}) {
      SCOPED_TRACE(words[0] + ' ' + reference);
      expect_error(call_with_key(words).run(), "order_not_found");
    }
  }
}

} // namespace
