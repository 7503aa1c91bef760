// `stripe-return list`: which orders wait, and for whom?
#include "order_fixture.hpp"

#include <ctime>

namespace {

namespace sr = stripe_return;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST_F(OrderCommands, TheListHoldsWhatIsAskedFor) {
  open("open");
  sell("due");
  sell_twice("twice");
  sell("shipped");
  ASSERT_EQ(orders_.mark_fulfilled("shipped", sr::fulfilled_by::unknown, "ann").value(),
            sr::mark_result::marked);
  sell("canceled");
  ASSERT_EQ(orders_.cancel("canceled", "ann").value(), sr::cancel_result::canceled);

  EXPECT_THAT(numbers(listed()),
              UnorderedElementsAre("open", "due", "twice", "shipped", "canceled"));
  EXPECT_THAT(numbers(listed({"--stage", "due"})), UnorderedElementsAre("due", "twice"));
  EXPECT_THAT(numbers(listed({"--stage", "fulfilled"})), ElementsAre("shipped"));
  EXPECT_THAT(numbers(listed({"--stage", "released"})), IsEmpty());
  EXPECT_THAT(numbers(listed({"--waiting-for", "customer"})), ElementsAre("open"));
  EXPECT_THAT(numbers(listed({"--waiting-for", "nothing"})), ElementsAre("shipped"));
  EXPECT_THAT(numbers(listed({"--review"})), ElementsAre("twice"));
  EXPECT_THAT(numbers(listed({"--review", "--stage", "open"})), IsEmpty());
  const std::string soon = std::to_string(std::time(nullptr) + 3600);
  EXPECT_THAT(numbers(listed({"--waiting-before", soon})),
              UnorderedElementsAre("open", "due", "twice", "canceled"));
  EXPECT_THAT(numbers(listed({"--waiting-before", "1774267200"})), IsEmpty());
}

TEST_F(OrderCommands, TheListTellsWhatIsToBeGivenBack) {
  const json session = sell("A1");
  open("A2");
  EXPECT_EQ(listed({"--to-give-back"})["to_give_back"], json::array());
  EXPECT_FALSE(listed().contains("to_give_back"));
  ASSERT_EQ(orders_.cancel("A1", "ann").value(), sr::cancel_result::canceled);
  const json list = listed({"--to-give-back"});
  EXPECT_THAT(numbers(list), ElementsAre("A1"));
  ASSERT_EQ(list["to_give_back"].size(), 1u);
  const json& entry = list["to_give_back"][0];
  EXPECT_EQ(entry["session_id"], session["id"]);
  EXPECT_EQ(entry["out_trade_no"], "A1");
  EXPECT_EQ(entry["amount"], 400);
  EXPECT_EQ(entry["currency"], "cny");
  EXPECT_TRUE(entry["since"].is_number());
  EXPECT_EQ(list["stats"]["to_give_back"]["count"], 1);
  EXPECT_EQ(list["orders"][0]["to_give_back"][0]["ended_at"], nullptr);
}

TEST_F(OrderCommands, TheListTellsOfPaymentsWithoutAnOrder) {
  open("A1");
  const json session = made_elsewhere("B7");
  shop_.apply(session, "pay");
  come_back(session);
  const json list = listed({"--review"});
  EXPECT_THAT(numbers(list), IsEmpty());
  ASSERT_EQ(list["unmatched_items"].size(), 1u);
  const json& item = list["unmatched_items"][0];
  EXPECT_EQ(item["session_id"], session["id"]);
  EXPECT_EQ(item["out_trade_no"], "B7");
  EXPECT_EQ(item["amounts"], json::parse(R"([{"amount":400,"currency":"cny"}])"));
  EXPECT_EQ(item["reasons"], json::parse(R"(["order_not_expected"])"));
  EXPECT_EQ(item["verdict"], nullptr);
  EXPECT_EQ(item["state"], "open");
}

TEST_F(OrderCommands, TheListIsReadPageByPage) {
  std::vector<std::string> all;
  for (const char* each : {"1", "2", "3", "4", "5"}) {
    open(each);
    all.emplace_back(each);
  }
  std::vector<std::string> read;
  std::string token;
  int pages = 0;
  do {
    std::vector<std::string> page = {"--limit", "2"};
    if (!token.empty()) page.insert(page.end(), {"--page-token", token});
    const json list = listed(page);
    for (const std::string& each : numbers(list))
      read.push_back(each);
    token = list["next_page_token"].is_null() ? "" : list["next_page_token"];
  } while (!token.empty() && ++pages != 10);
  EXPECT_THAT(read, ::testing::UnorderedElementsAreArray(all));
  EXPECT_EQ(pages, 2);
  expect_error(call({"list", "--page-token", "5"}).run(), "invalid_option");
}

TEST_F(OrderCommands, TheListCountsTheWholeStore) {
  open("A1");
  sell("A2");
  sell_twice("A3");
  const json stats = listed({"--limit", "1", "--stage", "open"})["stats"];
  EXPECT_EQ(stats["livemode"], false);
  EXPECT_EQ(stats["waiting"]["count"], 3);
  EXPECT_EQ(stats["tasks"]["count"], 2);
  EXPECT_EQ(stats["tasks"]["oldest_at"], nullptr);
  EXPECT_EQ(stats["reviews"]["count"], 1);
  EXPECT_EQ(stats["to_give_back"]["count"], 0);
  EXPECT_EQ(stats["last_reconciled_at"], nullptr);
  EXPECT_EQ(stats["waiting"]["oldest_at"], shown("A1")["waits_since"]);
}

} // namespace
