// An application that keeps its orders in an SQLite file, a fake Stripe, and the program on both.
#pragma once

#include "order_contract.hpp"
#include "output_contract.hpp"
#include "run_program.hpp"

#include "fake_stripe/shop.hpp"

#include <stripe_return/client/session_client.hpp>
#include <stripe_return/fake_stripe/fake_stripe_server.hpp>
#include <stripe_return/orders/fulfillment_worker.hpp>
#include <stripe_return/orders/order_service.hpp>
#include <stripe_return/orders/payment_listener.hpp>
#include <stripe_return/sqlite/sqlite_store.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

class OrderCommands : public ::testing::Test {
protected:
  using json = nlohmann::json;

  OrderCommands() = default;
  ~OrderCommands() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ + "/orders.db"; }
  std::string url() const { return "sqlite:" + path(); }

  // What the application does.
  static stripe_return::expected_order order(const std::string& number) {
    stripe_return::expected_order expected;
    expected.out_trade_no = number;
    expected.amounts.emplace_back(400, "cny");
    return expected;
  }
  json open(const std::string& number = "A1") {
    stripe_return::checkout_parameters page;
    page.line_items = {{"Tea", stripe_return::money(400, "cny"), 1}};
    page.success_url = "https://shop.test/return?session_id={CHECKOUT_SESSION_ID}";
    const auto opened = orders_.open_checkout(order(number), page);
    EXPECT_TRUE(opened) << opened.error().message;
    return {{"id", opened ? opened->session_id : ""}};
  }
  json sell(const std::string& number = "A1") {
    json session = open(number);
    shop_.apply(session, "pay");
    learn(number);
    return session;
  }
  void learn(const std::string& number = "A1") {
    const auto seen = stripe_return::payment_listener(orders_).refresh(number, "application");
    EXPECT_TRUE(seen) << seen.error().message;
  }
  // An order that two sessions have paid, neither of which the application made by open_checkout().
  std::vector<std::string> sell_twice(const std::string& number = "A1") {
    std::vector<std::string> sessions;
    EXPECT_TRUE(orders_.expect(order(number)));
    for (int i = 0; i != 2; ++i) {
      const json session = made_elsewhere(number);
      shop_.apply(session, "pay");
      come_back(session, number);
      sessions.push_back(session.at("id"));
    }
    return sessions;
  }
  json made_elsewhere(const std::string& number) const {
    return shop_.create("&metadata[out_trade_no]=" + number);
  }
  void come_back(const json& session, const std::string& number = {}) {
    const auto back = stripe_return::payment_listener(orders_).on_return(
        "session_id=" + session.at("id").get<std::string>(), number);
    EXPECT_TRUE(back) << back.error().message;
  }
  // `ship` is called while the order is claimed.
  void work(const std::function<void()>& ship = [] {}) {
    int shipped = 0;
    stripe_return::fulfillment_worker worker(orders_, {[&](const stripe_return::fulfill_task&) {
                                               ++shipped;
                                               ship();
                                               return stripe_return::task_result::done;
                                             }});
    EXPECT_TRUE(worker.run().done);
    EXPECT_EQ(shipped, 1);
  }

  // What the person on call does.
  program_call call(std::vector<std::string> words) const {
    program_call call(std::move(words));
    call.with({"--store", url()});
    return call;
  }
  program_call call_with_key(std::vector<std::string> words) const {
    program_call with_key = call(std::move(words));
    with_key.with({"--api-base", stripe_.url()}).variable("STRIPE_SECRET_KEY", key);
    return with_key;
  }
  json shown(const std::string& reference = "A1") const {
    return expect_order(call({"order", reference}).run());
  }
  json listed(const std::vector<std::string>& which = {}) const {
    return expect_list(call({"list"}).with(which).run());
  }
  json decided(std::vector<std::string> words) const {
    const std::string command = words.front();
    program_call decision = call_with_key(std::move(words));
    if (command != "refresh") decision.with({"--by", "ann"});
    return expect_result(decision.run());
  }
  std::string result_of(std::vector<std::string> words) const {
    return decided(std::move(words)).at("result");
  }
  // The ids of the items that are open.
  static std::vector<std::string> open_items(const json& items) {
    std::vector<std::string> ids;
    for (const json& each : items)
      if (each.at("state") == "open") ids.push_back(each.at("review_id"));
    return ids;
  }
  static std::vector<std::string> numbers(const json& list) {
    std::vector<std::string> all;
    for (const json& each : list.at("orders"))
      all.push_back(each.at("out_trade_no"));
    return all;
  }

  static constexpr char key[] = "sk_test_shop";

  std::string folder_ = new_folder();
  stripe_return::fake_stripe_server stripe_{only_key()};
  shop shop_{stripe_.url()};
  stripe_return::session_client client_{client_options(stripe_.url())};
  stripe_return::sqlite_store store_{path()};
  stripe_return::order_service orders_{client_, store_};

private:
  static std::string new_folder() {
    std::string folder = (std::filesystem::temp_directory_path() / "ordersXXXXXX").string();
    return mkdtemp(folder.data());
  }
  static stripe_return::fake_stripe_server_options only_key() {
    stripe_return::fake_stripe_server_options options;
    options.secret_key = key;
    return options;
  }
  static stripe_return::client_options client_options(const std::string& api_base) {
    stripe_return::client_options options;
    options.secret_key = key;
    options.api_base = api_base;
    options.requests_per_second = 0;
    return options;
  }
};
