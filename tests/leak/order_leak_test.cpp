// What a durable store has in its file, and what `stripe-return order` and `list` tell of it.
#include "canaries.hpp"
#include "lives.hpp"
#include "planting_stripe.hpp"

#include "program/run_program.hpp"
#include "unit/fulfillment/sqlite/order_file.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using canary::expect_none;

class OrderLeak : public ::testing::Test {
protected:
  // An order for each thing that can happen to its session.
  void keep_orders() {
    sr::client_options options;
    options.secret_key = canary::secret_key;
    options.api_base = stripe_.url();
    const sr::session_client client(options);
    const auto store = file_.open();
    sr::fulfillment_options desk_options;
    desk_options.token_key = canary::webhook_secret + canary::secret_key;
    sr::fulfillment desk(
        client, *store, [](const sr::fulfil_task&) { return sr::fulfil_result::give_up; },
        desk_options);
    for (const std::vector<std::string>& happenings : lives) {
      const std::string number = "A" + std::to_string(++orders_);
      const auto opened = open_checkout(desk, number);
      ASSERT_TRUE(opened) << opened.error().message;
      for (const std::string& each : happenings)
        stripe_.behind().let({{"id", opened->session_id}}, each);
      const auto back = desk.on_return("session_id=" + opened->session_id, number);
      EXPECT_TRUE(back) << back.error().message;
    }
    desk.run_due();
  }

  int look(const std::vector<std::string>& words) {
    const program_run run =
        program_call(words).variable("STRIPE_SECRET_KEY", canary::secret_key).run();
    expect_none(run.output + run.errors, words.front());
    told_ += run.output;
    return run.exit_code;
  }

  int ask(const std::string& number, const std::string& url) {
    return look({"order", number, "--store", url, "--ask", "--api-base", stripe_.url()});
  }

  planting_stripe stripe_;
  order_file file_;
  std::string told_;
  int orders_ = 0;
};

TEST_F(OrderLeak, IsNone) {
  keep_orders();
  const std::string url = "sqlite:" + file_.path();
  for (int each = 1; each <= orders_; ++each) {
    const std::string number = "A" + std::to_string(each);
    EXPECT_EQ(look({"order", number, "--store", url}), 0);
    EXPECT_EQ(ask(number, url), 0);
  }
  EXPECT_EQ(look({"list", "--store", url, "--due"}), 0);
  EXPECT_EQ(look({"list", "--store", url, "--review"}), 0);
  EXPECT_THAT(told_, testing::HasSubstr("fulfill_gave_up"));
  stripe_.refuse(401);
  EXPECT_EQ(ask("A1", url), 1);

  for (const auto& file : std::filesystem::directory_iterator(file_.folder())) {
    std::ifstream opened(file.path(), std::ios::binary);
    expect_none(std::string(std::istreambuf_iterator<char>(opened), {}), file.path().filename());
  }
}

TEST_F(OrderLeak, IsNoneOfAStoreThatCannotBeOpened) {
  for (const char* scheme : {"sqlite:/nowhere/", "postgresql://shop:", "mysql://shop:"}) {
    const std::string url = scheme + canary::secret_key + "@127.0.0.1:1/" + canary::note;
    EXPECT_EQ(look({"order", "A1", "--store", url}), 1);
    EXPECT_EQ(look({"list", "--store", url, "--due"}), 1);
  }
}

} // namespace
