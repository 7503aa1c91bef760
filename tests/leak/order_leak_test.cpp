// What a durable store has in its file, and what `stripe-return order` and `list` tell of it.
#include "canaries.hpp"
#include "planting_stripe.hpp"

#include "program/run_program.hpp"

#include <stripe_return/fulfillment/fulfillment.hpp>
#include <stripe_return/fulfillment/sqlite_store.hpp>

#include <gmock/gmock.h>

#include <unistd.h>

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
  OrderLeak() {
    std::string folder = (std::filesystem::temp_directory_path() / "ordersXXXXXX").string();
    folder_ = mkdtemp(folder.data());
  }
  ~OrderLeak() override { std::filesystem::remove_all(folder_); }

  // An order for each thing that can happen to its session.
  void keep_orders() {
    sr::client_options options;
    options.secret_key = canary::secret_key;
    options.api_base = stripe_.url();
    const sr::session_client client(options);
    sr::sqlite_store store(folder_ + "/orders.db");
    sr::fulfillment_options desk_options;
    desk_options.token_key = canary::webhook_secret + canary::secret_key;
    sr::fulfillment desk(
        client, store, [](const sr::fulfil_task&) { return sr::fulfil_result::give_up; },
        desk_options);
    for (const std::vector<std::string>& happenings : std::vector<std::vector<std::string>>{
             {}, {"pay"}, {"pay_later"}, {"pay_later", "fail"}, {"decline"}, {"expire"}}) {
      sr::expected_order order;
      order.out_trade_no = "A" + std::to_string(++orders_);
      order.amounts = {{400, "cny"}};
      sr::checkout_parameters parameters;
      parameters.line_items = {{"Tea", {400, "cny"}, 1}};
      parameters.success_url = "https://shop.test/return?session_id={CHECKOUT_SESSION_ID}";
      parameters.further = {{"customer_email", canary::email}};
      const auto opened = desk.open_checkout(order, parameters);
      ASSERT_TRUE(opened) << opened.error().message;
      for (const std::string& each : happenings)
        stripe_.behind().let({{"id", opened->session_id}}, each);
      const auto back = desk.on_return("session_id=" + opened->session_id, order.out_trade_no);
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
  std::string folder_;
  std::string told_;
  int orders_ = 0;
};

TEST_F(OrderLeak, IsNone) {
  keep_orders();
  const std::string url = "sqlite:" + folder_ + "/orders.db";
  for (int each = 1; each <= orders_; ++each) {
    const std::string number = "A" + std::to_string(each);
    EXPECT_EQ(look({"order", number, "--store", url}), 0);
    EXPECT_EQ(ask(number, url), 0);
  }
  EXPECT_EQ(look({"list", "--store", url, "--due"}), 0);
  EXPECT_EQ(look({"list", "--store", url, "--review"}), 0);
  EXPECT_THAT(told_, testing::HasSubstr("fulfil_gave_up"));
  stripe_.refuse(401);
  EXPECT_EQ(ask("A1", url), 1);

  for (const auto& file : std::filesystem::directory_iterator(folder_)) {
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
