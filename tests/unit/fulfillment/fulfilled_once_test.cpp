// Everything that two workers, a webhook, crashes and the clock can do to one order, in every order
// in which they can do it.
#include "an_order.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <unordered_set>
#include <vector>

namespace {

namespace sr = stripe_return;
using sr::order_record;

const std::chrono::seconds lease = std::chrono::minutes(5);

enum class store_kind { compares, overwrites };
enum class fence_kind { holds, is_ignored };

// Where a worker is: before each, it may crash.
enum class place { idle, claims, acts, looks_again, finishes };

struct worker {
  place at = place::idle;
  std::optional<order_record> seen;
  std::uint64_t token = 0;
  sr::unix_seconds lease_ends = 0;
  bool retries = false; // what its effect came to
};

struct webhook {
  int left = 2; // Stripe sends it twice
  std::optional<order_record> seen;
};

struct world {
  order_record order = order_a1(); // in the store
  std::array<worker, 2> workers;
  webhook sender;
  sr::unix_seconds now = noon;
  int crashes_left = 1;
  int retries_left = 1;
  int waits_left = 2;
  int effects = 0;
  int commits = 0;
  bool two_at_work = false; // each with a claim that held
};

std::string text_of(const order_record& order) {
  std::ostringstream text;
  text << order.version << ' ' << static_cast<int>(order.stage) << ' ' << order.token << ' '
       << order.lease << ' ' << order.due_at << ' ' << order.sessions.size();
  return text.str();
}

std::string text_of(const world& all) {
  std::ostringstream text;
  text << text_of(all.order) << '|' << all.now << ' ' << all.crashes_left << all.retries_left
       << all.waits_left << ' ' << all.effects << ' ' << all.commits << all.two_at_work << '|'
       << all.sender.left << (all.sender.seen ? text_of(*all.sender.seen) : "");
  for (const worker& each : all.workers)
    text << '|' << static_cast<int>(each.at) << (each.seen ? text_of(*each.seen) : "") << ' '
         << each.token << ' ' << each.lease_ends << each.retries;
  return text.str();
}

class explorer {
public:
  explorer(store_kind store, fence_kind fence) : store_(store), fence_(fence) {}

  void explore(const world& all) {
    if (most_commits > 1 || two_at_work) return; // it is found
    if (!visited_.insert(text_of(all)).second) return;
    most_commits = std::max(most_commits, all.commits);
    two_at_work = two_at_work || all.two_at_work;
    bool moved = false;
    const auto go_on = [&](const world& next) {
      moved = true;
      explore(next);
    };
    deliver(all, go_on);
    for (std::size_t i = 0; i != all.workers.size(); ++i) {
      work(all, i, go_on);
      if (all.workers[i].at != place::idle && all.crashes_left > 0) {
        world next = all;
        next.workers[i] = {};
        --next.crashes_left;
        go_on(next);
      }
    }
    wait(all, go_on);
    if (!moved) ends_.push_back(all);
  }

  std::size_t states() const { return visited_.size(); }
  const std::vector<world>& ends() const { return ends_; }
  int most_commits = 0;
  bool two_at_work = false;

private:
  using visit = std::function<void(const world&)>;

  bool replace(world& all, const order_record& changed) const {
    if (store_ == store_kind::compares && all.order.version + 1 != changed.version) return false;
    all.order = changed;
    return true;
  }

  void deliver(const world& all, const visit& go_on) const {
    if (all.sender.left == 0) return;
    world next = all;
    if (!next.sender.seen) {
      next.sender.seen = next.order;
      return go_on(next);
    }
    static const sr::heard_word paid = word_of(order_a1(), session_json());
    const auto step = sr::hear(*next.sender.seen, paid);
    const bool heard = !step || replace(next, step->record);
    next.sender.seen.reset(); // and looks again, where somebody else was first
    if (heard) --next.sender.left;
    go_on(next);
  }

  void work(const world& all, std::size_t index, const visit& go_on) const {
    world next = all;
    worker& self = next.workers[index];
    switch (self.at) {
    case place::idle:
      if (!sr::claim(all.order, "w", all.now, lease)) return;
      self.seen = all.order;
      self.at = place::claims;
      return go_on(next);
    case place::claims: {
      const auto step = sr::claim(*self.seen, "w", all.now, lease);
      self.at = place::idle;
      if (step && replace(next, step->record)) {
        self.at = place::acts;
        self.token = step->record.token;
        self.lease_ends = step->record.lease;
        for (std::size_t other = 0; other != all.workers.size(); ++other)
          if (other != index && all.workers[other].at == place::acts &&
              all.workers[other].lease_ends > all.now)
            next.two_at_work = true;
      }
      self.seen.reset();
      return go_on(next);
    }
    case place::acts:
      ++next.effects;
      self.at = place::looks_again;
      go_on(next);
      if (all.retries_left > 0) {
        world again = all;
        again.workers[index].at = place::looks_again;
        again.workers[index].retries = true;
        --again.retries_left;
        go_on(again);
      }
      return;
    case place::looks_again:
      self.seen = all.order;
      self.at = place::finishes;
      return go_on(next);
    case place::finishes: {
      const std::uint64_t token = fence_ == fence_kind::holds ? self.token : self.seen->token;
      const auto result = self.retries ? sr::fulfil_result::retry_later : sr::fulfil_result::done;
      const auto step = sr::finish(*self.seen, "w", token, result, all.now);
      if (step && !replace(next, step->record)) {
        self.at = place::looks_again; // somebody else has changed it
        self.seen.reset();
        return go_on(next);
      }
      if (step && !self.retries) ++next.commits;
      self = {};
      return go_on(next);
    }
    }
  }

  static void wait(const world& all, const visit& go_on) {
    if (all.waits_left == 0) return;
    for (const sr::unix_seconds until : {all.order.lease, all.order.due_at}) {
      if (until <= all.now) continue;
      world next = all;
      next.now = until;
      --next.waits_left;
      go_on(next);
    }
  }

  const store_kind store_;
  const fence_kind fence_;
  std::unordered_set<std::string> visited_;
  std::vector<world> ends_;
};

TEST(FulfilledOnce, WhateverTheOrderOfThings) {
  explorer all(store_kind::compares, fence_kind::holds);
  all.explore({});
  EXPECT_EQ(all.most_commits, 1);
  EXPECT_FALSE(all.two_at_work);
  for (const world& end : all.ends()) {
    // Only where the last try was made and time stood still, nothing more can happen.
    const bool waiting = end.order.lease > end.now || end.order.due_at > end.now;
    EXPECT_TRUE(end.order.stage == sr::order_stage::fulfilled || waiting) << text_of(end);
    EXPECT_GE(end.effects, end.commits) << text_of(end);
    EXPECT_EQ(end.order.stage == sr::order_stage::fulfilled, end.commits == 1) << text_of(end);
  }
  EXPECT_GT(all.states(), 1000u);
  RecordProperty("states", static_cast<int>(all.states()));
}

// That the test above sees what it looks for.
TEST(FulfilledOnce, NotWithAStoreThatOverwrites) {
  explorer all(store_kind::overwrites, fence_kind::holds);
  all.explore({});
  EXPECT_GT(all.most_commits, 1);
}

TEST(FulfilledOnce, NotWithoutTheFence) {
  explorer all(store_kind::compares, fence_kind::is_ignored);
  all.explore({});
  EXPECT_TRUE(all.two_at_work);
}

} // namespace
