// A process that dies at each call of the store in turn, or that the store fails; and another one
// that goes on.
#include "shop_with_worker.hpp"
#include "unit/orders/forwarding_store.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <set>
#include <string>

namespace {

namespace sr = stripe_return;

// Nothing but the test catches it, as nothing survives the death of a process.
struct process_died {};

enum class handler_form : unsigned char { plain, transactional };
enum class ending : unsigned char { process_dies, store_fails };
enum class moment : unsigned char { before, after };

struct fatal_call {
  handler_form form;
  ending what;
  moment when;
};

class WorkerCrash : public testing::TestWithParam<fatal_call> {
protected:
  struct scene {
    shop_with_worker shop;
    forwarding_store store{shop.store};
    sr::order_service orders{shop.client, store};
    int calls = 0;
  };

  static void end_at(scene& all, int call) {
    const auto end = [&all, call]() -> std::optional<sr::error> {
      if (all.calls != call) return std::nullopt;
      if (GetParam().what == ending::process_dies) throw process_died();
      return sr::error{sr::error_code::store_unavailable, "It fails at this call."};
    };
    const bool before = GetParam().when == moment::before;
    all.store.before = [&all, end, before] {
      ++all.calls;
      return before ? end() : std::nullopt;
    };
    if (!before) all.store.after = end;
  }

  static sr::task_handlers handlers(scene& all) {
    sr::task_handlers handlers = all.shop.handlers();
    if (GetParam().form == handler_form::transactional) {
      handlers.fulfill = [&all](const sr::fulfill_task& task, sr::transaction&) {
        all.shop.tasks.push_back(task);
        return sr::task_result::done;
      };
    }
    return handlers;
  }

  static void run(scene& all) {
    try {
      (void)sr::fulfillment_worker(all.orders, handlers(all)).run();
    } catch (const process_died&) {
    }
  }

  static void expect_fulfilled_once(scene& all, const std::string& where) {
    EXPECT_EQ(all.shop.times(sr::history_action::fulfilled), 1) << where;
    EXPECT_EQ(all.shop.stage(), sr::order_stage::fulfilled) << where;
    EXPECT_EQ(all.shop.orders.history("A1").value().size(), all.shop.kept().version) << where;
    EXPECT_TRUE(all.shop.open_reasons().empty()) << where;
    std::set<std::string> keys;
    std::set<std::uint64_t> tokens;
    for (const sr::fulfill_task& each : all.shop.tasks) {
      keys.insert(each.idempotency_key);
      tokens.insert(each.fencing_token);
    }
    EXPECT_EQ(keys.size(), 1U) << where;
    EXPECT_EQ(tokens.size(), all.shop.tasks.size()) << where;
  }
};

TEST_P(WorkerCrash, LosesNoOrderAndFulfillsNoneTwice) {
  int calls = 0;
  {
    scene all;
    all.shop.sell();
    end_at(all, 0);
    run(all);
    calls = all.calls;
    expect_fulfilled_once(all, "nothing fails");
  }
  EXPECT_GT(calls, 8);
  for (int call = 1; call <= calls; ++call) {
    scene all;
    all.shop.sell();
    end_at(all, call);
    run(all);
    EXPECT_GE(all.calls, call);
    for (int i = 0; i != 2; ++i) {
      all.shop.clock->advance(std::chrono::minutes(6)); // its lease runs out
      run(all);
    }
    expect_fulfilled_once(all, "call " + std::to_string(call));
  }
}

INSTANTIATE_TEST_SUITE_P(
    , WorkerCrash,
    testing::Values(fatal_call{handler_form::plain, ending::process_dies, moment::before},
                    fatal_call{handler_form::plain, ending::process_dies, moment::after},
                    fatal_call{handler_form::plain, ending::store_fails, moment::before},
                    fatal_call{handler_form::plain, ending::store_fails, moment::after},
                    fatal_call{handler_form::transactional, ending::process_dies, moment::before},
                    fatal_call{handler_form::transactional, ending::process_dies, moment::after},
                    fatal_call{handler_form::transactional, ending::store_fails, moment::before},
                    fatal_call{handler_form::transactional, ending::store_fails, moment::after}),
    [](const auto& tested) {
      const fatal_call& each = tested.param;
      return std::string(each.form == handler_form::plain ? "Plain" : "Transactional") +
             (each.what == ending::process_dies ? "Dies" : "Fails") +
             (each.when == moment::before ? "Before" : "After");
    });

} // namespace
