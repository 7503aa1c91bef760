// `stripe-return doctor --store`: can it be used, and does somebody reconcile it?
#include "doctor_checks.hpp"
#include "order_fixture.hpp"

#include <stripe_return/orders/reconciler.hpp>

#include <ctime>

namespace {

namespace sr = stripe_return;
using ::testing::HasSubstr;

class DoctorOfAStore : public OrderCommands {
protected:
  std::map<std::string, check> checks(const std::vector<std::string>& more = {}) const {
    return examined(call_with_key({"doctor"}).with(more).run());
  }
  // Of two hours ago, as a store that nobody looks after has it.
  void reconciled_at(sr::unix_seconds time) {
    const std::string before = store_.value("reconciled_at").value();
    ASSERT_TRUE(store_.change_value("reconciled_at", before, std::to_string(time)).value());
  }
};

TEST_F(DoctorOfAStore, AllIsWellWhereItIsReconciled) {
  open();
  ASSERT_TRUE(sr::reconciler(orders_).run().done());
  auto found = checks();
  EXPECT_EQ(found["store"].word, "ok") << found["store"].text;
  EXPECT_THAT(found["store"].text, HasSubstr("test mode, orders that wait: 1"));
  EXPECT_EQ(found["reconciler"].word, "ok") << found["reconciler"].text;
  for (const char* name :
       {"sessions_read", "sessions_write", "payment_intents", "charges", "events"})
    EXPECT_EQ(found[name].word, "ok") << name << ' ' << found[name].text;
}

TEST_F(DoctorOfAStore, WithoutOneNothingIsSaidOfIt) {
  auto found = examined(program_call({"doctor", "--api-base", stripe_.url()}).run());
  EXPECT_EQ(found.count("store"), 0u);
  EXPECT_EQ(found.count("reconciler"), 0u);
}

TEST_F(DoctorOfAStore, WhatNobodyReconcilesIsAWarning) {
  open();
  EXPECT_EQ(checks()["reconciler"].word, "warn");
  EXPECT_THAT(checks()["reconciler"].text, HasSubstr("never"));
  reconciled_at(std::time(nullptr) - 7200);
  EXPECT_EQ(checks()["reconciler"].word, "warn");
  EXPECT_THAT(checks()["reconciler"].text, HasSubstr("run the reconciler every few minutes"));
  reconciled_at(std::time(nullptr));
  EXPECT_EQ(checks()["reconciler"].word, "ok");
}

// What its own clock has put off for two hours.
TEST_F(DoctorOfAStore, WhatIsOverdueIsAWarning) {
  sell();
  sr::order_record late = orders_.find("A1").value().value();
  ++late.version;
  late.waits_since = std::time(nullptr) - 7200;
  late.next_poll_at = std::time(nullptr) - 7200;
  sr::order_change change;
  change.row = row_of(late);
  change.history = to_text(sr::history_entry());
  ASSERT_EQ(store_.put(change, {}).value(), sr::put_result::done);
  reconciled_at(std::time(nullptr));
  auto found = checks();
  EXPECT_EQ(found["store"].word, "warn");
  EXPECT_THAT(found["store"].text, HasSubstr("waited for a worker for an hour: 1"));
  EXPECT_EQ(found["reconciler"].word, "warn");
  EXPECT_THAT(found["reconciler"].text, HasSubstr("should have been asked about: 1"));
}

TEST_F(DoctorOfAStore, ARowThatCannotBeReadIsAWarning) {
  open();
  sr::order_change broken;
  broken.row.key = sr::order_key("A2");
  broken.row.text = "?";
  broken.row.index.stage = "open";
  broken.row.index.waits_for = "customer";
  broken.row.index.time(sr::order_list::waiting) = 1774267200;
  broken.history = "?";
  ASSERT_EQ(store_.put(broken, {}).value(), sr::put_result::done);
  EXPECT_EQ(checks()["store"].word, "warn");
  EXPECT_THAT(checks()["store"].text, HasSubstr("cannot be read (see `list`): 1"));
}

TEST_F(DoctorOfAStore, WhatCannotBeUsedFails) {
  open();
  EXPECT_EQ(
      examined(call({"doctor"}).variable("STRIPE_SECRET_KEY", "sk_live_1").run())["store"].word,
      "fail");
  for (const char* wrong : {"sqlite:/no/such/file", "mysql:x", "sqlite:/"}) {
    SCOPED_TRACE(wrong);
    auto found = examined(program_call({"doctor", "--store", wrong}).run());
    EXPECT_EQ(found["store"].word, "fail");
    EXPECT_EQ(found["reconciler"].word, "warn");
  }
}

TEST_F(DoctorOfAStore, OneThatNobodyHasUsedIsAWarning) {
  ASSERT_TRUE(orders_.stats()); // makes the file
  const program_run run = call_with_key({"doctor"}).run();
  EXPECT_EQ(examined(run)["store"].word, "warn");
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_FALSE(orders_.stats()->livemode);
}

TEST_F(DoctorOfAStore, AMistypedShopIsAWarning) {
  open();
  reconciled_at(std::time(nullptr));
  const json session = shop_.create("&metadata[out_trade_no]=A1&metadata[shop]=tea");
  shop_.apply(session, "pay");
  EXPECT_EQ(checks({"--shop", "tea"})["reconciler"].word, "ok");
  auto mistyped = checks({"--shop", "tee"});
  EXPECT_EQ(mistyped["reconciler"].word, "warn");
  EXPECT_THAT(mistyped["reconciler"].text, HasSubstr(session.at("id").get<std::string>()));
}

} // namespace
