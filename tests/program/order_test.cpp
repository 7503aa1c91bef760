// `stripe-return order` and `list`, on an SQLite file.
#include "output_contract.hpp"
#include "run_program.hpp"
#include "stripe_server.hpp"

#include <stripe_return/fulfillment/sqlite_store.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace {

namespace sr = stripe_return;
using nlohmann::json;
using ::testing::ElementsAre;

class OrderCommand : public ::testing::Test {
protected:
  OrderCommand() {
    std::string folder = (std::filesystem::temp_directory_path() / "ordersXXXXXX").string();
    folder_ = mkdtemp(folder.data());
  }
  ~OrderCommand() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ + "/orders.db"; }
  std::string url() const { return "sqlite:" + path(); }

  void keep(sr::order_record order, const std::string& what = "expected") {
    sr::sqlite_store store(path());
    sr::history_entry entry;
    entry.at = 1774267200;
    entry.who = "host";
    entry.what = what;
    ASSERT_TRUE(store.add(order, entry).value());
  }

  static sr::order_record order(const std::string& number) {
    sr::order_record order;
    order.out_trade_no = number;
    order.expected.emplace();
    order.expected->out_trade_no = number;
    order.expected->amounts = {{400, "cny"}};
    return order;
  }

  static json object_of(const program_run& run) {
    EXPECT_EQ(run.exit_code, 0) << run.output << run.errors;
    EXPECT_EQ(run.errors, "");
    return json::parse(run.output);
  }

  json shown(const std::string& number) const {
    return object_of(program_call({"order", number, "--store", url()}).run());
  }
  json listed(const std::string& which) const {
    return object_of(program_call({"list", "--store", url(), which}).run());
  }

  std::string folder_;
};

TEST_F(OrderCommand, TellsAllThatIsKept) {
  sr::order_record due = order("A1");
  due.stage = sr::order_stage::due;
  due.sessions = {{"cs_test_1", 1, sr::order_state::paid, true, 1774267100, false,
                   sr::next_step::fulfil, sr::pay_again::no}};
  due.paid_session = "cs_test_1";
  due.due_since = 1774267200;
  keep(due, "paid");
  const json shown_now = shown("A1");
  EXPECT_EQ(shown_now["out_trade_no"], "A1");
  EXPECT_EQ(shown_now["stage"], "due");
  EXPECT_EQ(shown_now["waits_for"], "run_due");
  EXPECT_EQ(shown_now["expected"]["amounts"], json::parse(R"([{"amount":400,"currency":"cny"}])"));
  EXPECT_EQ(shown_now["sessions"][0]["session_id"], "cs_test_1");
  EXPECT_EQ(shown_now["sessions"][0]["state"], "paid");
  EXPECT_EQ(shown_now["due_since"], 1774267200);
  EXPECT_EQ(shown_now["lease"], nullptr);
  ASSERT_EQ(shown_now["history"].size(), 1u);
  EXPECT_EQ(shown_now["history"][0]["what"], "paid");
  EXPECT_EQ(shown_now["history"][0]["note"], nullptr);
}

TEST_F(OrderCommand, SaysWhatTheOrderWaitsFor) {
  const sr::unix_seconds now = std::time(nullptr);
  const auto with = [&](const std::string& number, auto change) {
    sr::order_record changed = order(number);
    change(changed);
    keep(changed);
    return shown(number)["waits_for"];
  };
  const auto session = [](sr::order_state state) {
    return sr::session_record{"cs_test_1",      1, state, false, 0, false, sr::next_step::wait,
                              sr::pay_again::no};
  };
  EXPECT_EQ(with("1", [](auto& o) { o.expected.reset(); }), "expectation");
  EXPECT_EQ(with("2", [](auto&) {}), "checkout");
  EXPECT_EQ(with("3", [&](auto& o) { o.sessions = {session(sr::order_state::processing)}; }),
            "stripe");
  EXPECT_EQ(with("4", [&](auto& o) { o.sessions = {session(sr::order_state::awaiting_payment)}; }),
            "customer");
  EXPECT_EQ(with("5", [](auto& o) { o.review = {sr::reason::amount_mismatch}; }), "person");
  const auto due = [](auto& o) { o.stage = sr::order_stage::due; };
  EXPECT_EQ(with("6", due), "run_due");
  EXPECT_EQ(with("7", [&](auto& o) { due(o), o.lease = now + 1000; }), "lease");
  EXPECT_EQ(with("8", [&](auto& o) { due(o), o.due_at = now + 1000; }), "retry");
  EXPECT_EQ(with("9", [&](auto& o) { due(o), o.held = true; }), "person");
  EXPECT_EQ(with("10", [](auto& o) { o.stage = sr::order_stage::fulfilled; }), "nothing");
}

TEST_F(OrderCommand, ListsWhatIsDueAndWhatIsInReview) {
  sr::order_record due = order("A1");
  due.stage = sr::order_stage::due;
  due.due_since = 1774267200;
  keep(due);
  sr::order_record reviewed = order("A2");
  reviewed.review = {sr::reason::amount_mismatch};
  keep(reviewed);
  keep(order("A3"));
  const json of_due = listed("--due");
  ASSERT_EQ(of_due["orders"].size(), 1u);
  EXPECT_EQ(of_due["orders"][0]["out_trade_no"], "A1");
  EXPECT_EQ(of_due["more"], false);
  EXPECT_EQ(of_due["standing"], json::parse(R"({"due":1,"oldest_due_since":1774267200,
                                                "leases_run_out":0,"in_review":1,"to_ask":0})"));
  const json of_review = listed("--review");
  ASSERT_EQ(of_review["orders"].size(), 1u);
  EXPECT_EQ(of_review["orders"][0]["review"], json::parse(R"(["amount_mismatch"])"));
}

TEST_F(OrderCommand, AsksStripeAndRecordsWhatItSays) {
  stripe_server stripe([](const loopback::request&) {
    return session_reply(
        json::parse(R"({"id":"cs_test_1","object":"checkout.session","status":"complete",
      "payment_status":"paid","mode":"payment","livemode":false,"amount_total":400,
      "currency":"cny","metadata":{"out_trade_no":"A1"},"created":1774267100})"));
  });
  sr::order_record open = order("A1");
  open.sessions = {{"cs_test_1", 1, sr::order_state::awaiting_payment, false, 0, false,
                    sr::next_step::resume, sr::pay_again::yes}};
  keep(open);
  const json asked = object_of(stripe.call({"order", "A1", "--store", url(), "--ask"}).run());
  EXPECT_EQ(asked["stage"], "due");
  EXPECT_EQ(asked["history"].back()["who"], "stripe-return");
  EXPECT_EQ(shown("A1")["stage"], "due");
}

TEST_F(OrderCommand, MakesNoFileOfAMistypedPath) {
  expect_error(program_call({"order", "A1", "--store", url()}).run(), "unreadable_file");
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(OrderCommand, NeverWritesItsOutputIntoTheDatabase) {
  sr::order_record due = order("A1");
  due.stage = sr::order_stage::due;
  keep(due);
  const json before = shown("A1");
  const std::vector<std::vector<std::string>> commands = {{"order", "A1", "--store", url()},
                                                          {"list", "--due", "--store", url()}};
  for (const std::vector<std::string>& command : commands) {
    for (const std::vector<int>& closed :
         std::vector<std::vector<int>>{{1}, {1, 2}, {0, 1}, {0, 1, 2}}) {
      SCOPED_TRACE(command[0] + ::testing::PrintToString(closed));
      program_call call(command);
      for (const int each : closed)
        call.without(each);
      EXPECT_EQ(call.run().exit_code, 3);
    }
    EXPECT_EQ(program_call(command).output_to("/dev/full").run().exit_code, 3);
    EXPECT_EQ(object_of(program_call(command).without(STDIN_FILENO).run()),
              object_of(program_call(command).without(STDERR_FILENO).run()));
  }
  std::ifstream file(path(), std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(bytes.substr(0, 15), "SQLite format 3");
  EXPECT_THAT(bytes, ::testing::Not(::testing::HasSubstr("waits_for")));
  EXPECT_EQ(shown("A1"), before);
}

TEST_F(OrderCommand, TellsEachFailure) {
  sr::order_record open = order("A1");
  open.sessions.emplace_back().id = "cs_test_1";
  keep(open);
  expect_error(program_call({"order", "A2", "--store", url()}).run(), "order_not_found");
  expect_error(program_call({"order", "A1", "--store", "mysql:x"}).run(), "invalid_option");
  expect_error(program_call({"order", "A1", "--store", url(), "--ask"}).run(),
               "missing_secret_key");
  expect_usage(program_call({"order", "A1"}).run());
  expect_usage(program_call({"list", "--store", url()}).run());
  expect_usage(program_call({"list", "--store", url(), "--due", "--review"}).run());
}

} // namespace
