// Two workers on one store: at each call of the first one in turn, the second one runs.
#include "shop_with_worker.hpp"
#include "unit/orders/forwarding_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using action = sr::history_action;
using stage = sr::order_stage;
using testing::ElementsAre;
using testing::IsEmpty;

// Nothing but the test catches it, as nothing survives the death of a process.
struct second_died {};

struct meeting {
  sr::task_kind task;
  bool in_transaction;
  bool lease_runs_out; // before the second one runs
  bool second_dies;    // before its commit, so that its claim stays
};

class TwoWorkers : public testing::TestWithParam<meeting> {
protected:
  class scene {
  public:
    scene() {
      if (GetParam().task == sr::task_kind::fulfill) {
        shop_.sell();
      } else {
        shop_.open();
        shop_.orders.close("A1", "application").value();
      }
      token_before_ = shop_.kept().fencing_token;
      store_of_second_.before_put =
          [](const sr::order_change& change) -> std::optional<sr::put_result> {
        const std::string& becomes = change.row.index.stage;
        if (GetParam().second_dies && (becomes == "fulfilled" || becomes == "released"))
          throw second_died();
        return std::nullopt;
      };
    }

    // Gives the number of the first one's calls.
    int run(int call_of_second) {
      int calls = 0;
      store_of_first_.before = [&]() -> std::optional<sr::error> {
        if (++calls == call_of_second) run_second();
        return std::nullopt;
      };
      first = worker_of(store_of_first_, "first").run();
      return calls;
    }
    // When the lease of a worker that died is over.
    void run_third() {
      shop_.clock->advance(std::chrono::minutes(6));
      EXPECT_TRUE(worker_of(shop_.store, "third").run().done);
    }

    void expect_one_commit() const {
      const bool releases = GetParam().task == sr::task_kind::release;
      EXPECT_EQ(shop_.stage(), releases ? stage::released : stage::fulfilled);
      EXPECT_EQ(shop_.times(releases ? action::released : action::fulfilled), 1);
      const auto history = shop_.orders.history("A1").value();
      EXPECT_EQ(history.size(), shop_.kept().version);
      // Each claim has a token of its own, the last one the order's.
      EXPECT_EQ(shop_.kept().fencing_token, token_before_ + claims("").size());
      EXPECT_EQ(std::set<std::uint64_t>(tokens_.begin(), tokens_.end()).size(), tokens_.size());
      ASSERT_FALSE(tokens_.empty());
      EXPECT_LE(*std::max_element(tokens_.begin(), tokens_.end()), shop_.kept().fencing_token);
      EXPECT_THAT(keys_, testing::Each(releases ? "release-A1" : "fulfill-A1"));
    }
    bool first_lost() const {
      const auto of_first = claims("first"), of_second = claims("second");
      return !of_first.empty() && !of_second.empty() && of_first.front() < of_second.front();
    }
    std::size_t effects() const { return tokens_.size(); }
    std::vector<sr::error_code> failures_of_first() const { return shop_.codes(first); }

    sr::run_report first;

  private:
    void run_second() {
      if (GetParam().lease_runs_out) shop_.clock->advance(std::chrono::minutes(6));
      // Not by the list, in which an order that is claimed does not stand.
      try {
        EXPECT_THAT(worker_of(store_of_second_, "second").run_order("A1").failures, IsEmpty());
      } catch (const second_died&) {
      }
    }
    // The lines of the history in which this worker, or any, has claimed the order.
    std::vector<std::size_t> claims(const std::string& who) const {
      std::vector<std::size_t> lines;
      const auto history = shop_.orders.history("A1").value();
      for (std::size_t i = 0; i != history.size(); ++i)
        if ((history[i].action == action::claimed || history[i].action == action::lease_lost) &&
            (who.empty() || history[i].who == who))
          lines.push_back(i);
      return lines;
    }
    template <class Task> sr::task_handler<Task> handler() {
      const auto note = [this](const Task& task) {
        tokens_.push_back(task.fencing_token);
        keys_.push_back(task.idempotency_key);
        return sr::task_result::done;
      };
      if (!GetParam().in_transaction) return note;
      return [note](const Task& task, sr::transaction&) { return note(task); };
    }
    sr::fulfillment_worker worker_of(sr::order_store& store, const std::string& name) {
      sr::worker_options options;
      options.name = name;
      return {sr::order_service(shop_.client, store),
              {handler<sr::fulfill_task>(), handler<sr::release_task>()},
              options};
    }

    shop_with_worker shop_;
    forwarding_store store_of_first_{shop_.store};
    forwarding_store store_of_second_{shop_.store};
    std::uint64_t token_before_ = 0;
    std::vector<std::uint64_t> tokens_;
    std::vector<std::string> keys_;
  };
};

TEST_P(TwoWorkers, CommitOnceWhereverTheyMeet) {
  const meeting& how = GetParam();
  const int calls = scene().run(0);
  ASSERT_GT(calls, 4);
  int losses = 0;
  for (int call = 1; call <= calls; ++call) {
    SCOPED_TRACE("at call " + std::to_string(call) + " of " + std::to_string(calls));
    scene both;
    EXPECT_GE(both.run(call), call);
    if (both.first_lost()) {
      ++losses;
      EXPECT_THAT(both.failures_of_first(), ElementsAre(sr::error_code::lease_lost));
      EXPECT_EQ(both.first.fulfilled + both.first.released, 0);
    } else {
      EXPECT_THAT(both.failures_of_first(), IsEmpty());
    }
    both.run_third();
    both.expect_one_commit();
    // In a transaction an effect is made with its commit, or not at all.
    if (how.in_transaction || (!both.first_lost() && !how.second_dies)) {
      EXPECT_EQ(both.effects(), 1U);
    }
  }
  EXPECT_EQ(losses > 0, how.lease_runs_out);
}

std::vector<meeting> meetings() {
  std::vector<meeting> all;
  for (const sr::task_kind task : {sr::task_kind::fulfill, sr::task_kind::release})
    for (const bool in_transaction : {false, true})
      for (const bool lease_runs_out : {false, true})
        for (const bool second_dies : {false, true})
          all.push_back({task, in_transaction, lease_runs_out, second_dies});
  return all;
}

INSTANTIATE_TEST_SUITE_P(, TwoWorkers, testing::ValuesIn(meetings()), [](const auto& tested) {
  const meeting& each = tested.param;
  return std::string(each.task == sr::task_kind::fulfill ? "Fulfill" : "Release") +
         (each.in_transaction ? "InTransaction" : "") +
         (each.lease_runs_out ? "AfterTheLease" : "WithinTheLease") +
         (each.second_dies ? "SecondDies" : "");
});

} // namespace
