// What the program says of the orders in a store.
#include "output_of_orders.hpp"
#include "program/run_program.hpp"
#include "unit/sqlite/order_file.hpp"

#include <gmock/gmock.h>

namespace {

class ProgramSecrecyOfOrders : public testing::Test {
protected:
  int run(const std::vector<std::string>& words) {
    const program_run run =
        program_call(words).variable("STRIPE_SECRET_KEY", canary::secret_key).run();
    canary::expect_none(run.output + run.errors, words.front());
    told_ += run.output;
    return run.exit_code;
  }

  std::string told_;
};

TEST_F(ProgramSecrecyOfOrders, IsKept) {
  const order_file kept;
  const auto store = kept.open();
  output_of_orders orders(*store);
  orders.live();
  const std::string url = "sqlite:" + kept.path();
  for (std::size_t i = 1; i <= session_histories.size(); ++i) {
    const std::string number = "A" + std::to_string(i);
    EXPECT_EQ(run({"order", number, "--store", url}), 0);
    EXPECT_EQ(run({"refresh", number, "--store", url, "--api-base", orders.stripe.url()}), 0);
  }
  for (const char* which : {"--review", "--to-give-back", "--limit=1000"})
    EXPECT_EQ(run({"list", "--store", url, which}), 0);
  EXPECT_THAT(told_, testing::HasSubstr("fulfill_gave_up"));
  EXPECT_EQ(run({"close", canary::note, "--by", "Ann", "--store", url}), 1);
  orders.stripe.refuse(401);
  EXPECT_EQ(run({"refresh", "A1", "--store", url, "--api-base", orders.stripe.url()}), 1);
}

TEST_F(ProgramSecrecyOfOrders, IsKeptWhereTheStoreCannotBeOpened) {
  for (const char* scheme : {"sqlite:/nowhere/", "postgresql://shop:", "mysql://shop:"}) {
    const std::string url = scheme + canary::secret_key + "@127.0.0.1:1/" + canary::note;
    EXPECT_EQ(run({"order", "A1", "--store", url}), 1);
    EXPECT_EQ(run({"list", "--store", url}), 1);
  }
}

} // namespace
