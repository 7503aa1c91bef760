// A host that dies at every call of the store in turn, and another one that goes on.
#include "crashing_store.hpp"
#include "desk_fixture.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;

enum class form : unsigned char { outside, in_transaction };

class Crash : public testing::TestWithParam<form> {
protected:
  // A shop with a paid order that nobody was told of, but for what the host does.
  struct scene {
    shop_desk shop;
    crashing_store store{shop.store};
    std::vector<sr::fulfil_task> effects;

    std::unique_ptr<sr::fulfillment> desk() {
      sr::fulfillment_options options;
      options.verifier = &shop.verifier;
      options.worker = "w";
      if (GetParam() == form::in_transaction) {
        return std::make_unique<sr::fulfillment>(
            shop.client, store,
            sr::fulfil_in_transaction(
                [this](const sr::fulfil_task& task, const sr::open_transaction&) {
                  effects.push_back(task);
                  return sr::fulfil_result::done;
                }),
            options, shop.clock);
      }
      return std::make_unique<sr::fulfillment>(
          shop.client, store, sr::fulfil_function([this](const sr::fulfil_task& task) {
            effects.push_back(task);
            return sr::fulfil_result::done;
          }),
          options, shop.clock);
    }
  };

  // All that a host does for an order, from its checkout to its shipping.
  static void sell(scene& all, sr::fulfillment& desk) {
    const auto opened = desk.open_checkout(shop_desk::order("A1"), shop_desk::parameters());
    if (opened && !opened->url.empty()) all.shop.stripe->customer(opened->session_id, "pay");
    if (opened) (void)desk.on_return(shop_desk::query(opened->session_id), "A1");
    const auto webhooks = all.shop.stripe->webhooks();
    for (const auto& each : webhooks)
      desk.on_webhook(each.body, each.signature);
    desk.run_due();
    desk.sweep();
  }

  static void expect_fulfilled_once(scene& all, const std::string& where) {
    int commits = 0;
    const auto lines = all.shop.store.history("A1").value();
    for (const auto& each : lines)
      if (each.what == "fulfilled") ++commits;
    EXPECT_EQ(commits, 1) << where;
    EXPECT_EQ(all.shop.kept().stage, sr::order_stage::fulfilled) << where;
    EXPECT_EQ(lines.size(), all.shop.kept().version) << where;
    std::set<std::string> keys;
    std::set<std::uint64_t> tokens;
    for (const auto& each : all.effects) {
      keys.insert(each.key);
      tokens.insert(each.token);
    }
    EXPECT_EQ(keys.size(), 1u) << where;
    EXPECT_EQ(tokens.size(), all.effects.size()) << where;
    EXPECT_TRUE(all.shop.kept().review.empty()) << where;
  }
};

TEST_P(Crash, AtEveryCallOfTheStoreLosesNoOrderAndFulfilsNoneTwice) {
  int calls = 0;
  {
    scene all;
    sell(all, *all.desk());
    calls = all.store.calls();
    expect_fulfilled_once(all, "no crash");
  }
  EXPECT_GT(calls, 15);
  for (const death when : {death::before, death::after}) {
    for (int call = 1; call <= calls; ++call) {
      const std::string where =
          (when == death::before ? "before call " : "after call ") + std::to_string(call);
      scene all;
      const auto dies = all.desk();
      all.store.die_at(call, when);
      EXPECT_THROW(sell(all, *dies), host_died) << where;
      all.shop.clock->advance(std::chrono::minutes(6)); // its lease runs out
      const auto goes_on = all.desk();
      sell(all, *goes_on);
      sell(all, *goes_on);
      expect_fulfilled_once(all, where);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(, Crash, testing::Values(form::outside, form::in_transaction),
                         [](const auto& tested) {
                           return tested.param == form::outside ? "OfAHostWithEffectsOutside"
                                                                : "OfAHostThatWritesAlong";
                         });

} // namespace
