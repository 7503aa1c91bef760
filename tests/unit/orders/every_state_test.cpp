// Every state that an order can come to by a small alphabet of steps, and what must hold in each.
// The nearest ones are visited, and where STRIPE_RETURN_EVERY_STATE is set 300,000, in some
// minutes: all of them, but for those with two sessions, of which there are millions.
#include "an_order.hpp"
#include "laws.hpp"
#include "sanitized.hpp"

#include "orders/order_text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;
namespace rules = stripe_return::orders;
using an_order::at;
using an_order::noon;
using an_order::session_seen;
using an_order::test_order;
using stage = sr::order_stage;

struct move {
  std::string name;
  std::function<bool(test_order&)> make; // false: nothing changed
};

// How the test came to a state: from which one, by which move.
struct origin {
  std::uint32_t state;
  std::uint32_t move;
};

// What does not matter to what may come next is taken out, so that states are few.
std::string key_of(sr::order_record& order) {
  order.version = 1;
  order.news_version = order.notified_version = 1;
  order.fencing_token = 0;
  order.poll_count = 0;
  // An item that has closed itself opens again as a new one does.
  auto& items = order.review_items;
  items.erase(std::remove_if(items.begin(), items.end(),
                             [](const sr::review_item& each) {
                               return each.state == sr::review_state::closed;
                             }),
              items.end());
  return to_text(order);
}

using observations = std::vector<std::pair<const char*, session_seen>>;

// One of the order's own sessions, and one of another amount that was made beside the service.
const std::pair<const char*, session_seen> own_open{"own open", session_seen("cs_own", noon + 1)},
    own_processing{"own processing", session_seen("cs_own", noon + 2).processing()},
    own_paid{"own paid", session_seen("cs_own", noon + 3).paid()},
    own_refunded_in_part{"own refunded in part",
                         session_seen("cs_own", noon + 4).paid().refunded(100)},
    own_refunded{"own refunded", session_seen("cs_own", noon + 5).paid().refunded(400)},
    own_disputed{"own disputed", session_seen("cs_own", noon + 6).paid().disputed()},
    own_expired{"own expired", session_seen("cs_own", noon + 3).expired()},
    other_open{"other open", session_seen("cs_other", noon + 1).amount(450)},
    other_paid{"other paid", session_seen("cs_other", noon + 2).amount(450).paid()},
    other_refunded{"other refunded",
                   session_seen("cs_other", noon + 3).amount(450).paid().refunded(450)},
    other_expired{"other expired", session_seen("cs_other", noon + 2).amount(450).expired()};

std::vector<move> moves(const observations& alphabet) {
  std::vector<move> all;
  for (const auto& each : alphabet)
    all.push_back({each.first, [what = each.second](test_order& it) {
                     return it.take(rules::observe(it.order(), what.seen, an_order::webhook, at()));
                   }});
  all.push_back({"other is not found", [](test_order& it) {
                   if (!rules::find_session(it.order(), "cs_other")) return false;
                   return it.take(rules::observe_not_found(it.order(), "cs_other",
                                                           {noon + 9, sr::clock_source::stripe},
                                                           an_order::webhook, at()));
                 }});
  all.push_back({"a session is issued", [](test_order& it) {
                   if (rules::plan_checkout(it.order(), at()).choice !=
                           rules::checkout_choice::begin ||
                       rules::find_session(it.order(), "cs_own"))
                     return false;
                   it.issue("cs_own");
                   return true;
                 }});
  all.push_back({"claim", [](test_order& it) { return it.claim(2); }});
  for (const auto result :
       {sr::task_result::done, sr::task_result::retry_later, sr::task_result::give_up})
    all.push_back({"finish " + std::to_string(static_cast<int>(result)),
                   [result](test_order& it) { return it.finish(result, 2); }});
  all.push_back({"time passes", [](test_order& it) {
                   sr::order_record order = it.order();
                   if (!order.claim && order.next_try_at <= noon) return false;
                   if (order.claim) order.claim->lease_expires_at = noon;
                   order.next_try_at = 0;
                   it = test_order(std::move(order));
                   return true;
                 }});
  all.push_back({"close", [](test_order& it) { return it.close() == sr::close_result::closed; }});
  all.push_back(
      {"cancel", [](test_order& it) { return it.cancel() == sr::cancel_result::canceled; }});
  all.push_back({"mark own", [](test_order& it) {
                   return rules::find_session(it.order(), "cs_own") &&
                          it.mark(sr::fulfilled_by::session, "cs_own") == sr::mark_result::marked;
                 }});
  for (const auto how : {sr::fulfilled_by::elsewhere, sr::fulfilled_by::unknown})
    all.push_back({"mark " + std::string(to_string(how)),
                   [how](test_order& it) { return it.mark(how) == sr::mark_result::marked; }});
  for (std::size_t i = 0; i != 3; ++i)
    for (const auto verdict : {sr::review_verdict::accept, sr::review_verdict::reject})
      all.push_back({std::string(to_string(verdict)) + " item " + std::to_string(i),
                     [i, verdict](test_order& it) {
                       std::size_t open = 0;
                       for (const sr::review_item& each : it->review_items)
                         if (each.state == sr::review_state::open && open++ == i)
                           return it.resolve(each.id, verdict) == sr::resolve_result::done;
                       return false;
                     }});
  for (const char* session : {"cs_own", "cs_other"})
    all.push_back({std::string("mark refunded ") + session, [session](test_order& it) {
                     return it.take(rules::mark_refunded(it.order(), session, "Ann", at()));
                   }});
  return all;
}

class exploration {
public:
  explicit exploration(std::vector<move> all) : all_(std::move(all)) {}

  void run() {
    find(test_order().order(), {});
    std::size_t steps = 0;
    const std::size_t nearest = sanitized ? 150 : 800;
    const std::size_t most =
        std::getenv("STRIPE_RETURN_EVERY_STATE") != nullptr ? 300'000 : nearest;
    std::size_t here = 0;
    for (; !to_visit_.empty() && here < most; ++here) {
      const sr::order_record order = std::move(to_visit_.front());
      to_visit_.pop_front();
      ASSERT_EQ(an_order::fault_of(order), "") << path_to(here);
      std::size_t led_on = 0;
      for (std::size_t i = 0; i != all_.size(); ++i) {
        test_order it(order);
        if (!all_[i].make(it)) continue;
        ++led_on;
        check_step(order, it.order(), all_[i].name);
        if (testing::Test::HasFatalFailure()) FAIL() << path_to(here) << " > " << all_[i].name;
        find(it.order(), {static_cast<std::uint32_t>(here), static_cast<std::uint32_t>(i)});
      }
      ASSERT_TRUE(led_on != 0 || order.waits_for == sr::waits_for::nothing) << path_to(here);
      steps += led_on;
    }
    testing::Test::RecordProperty("states", static_cast<int>(found_.size()));
    std::printf("%zu states, %zu steps, %zu left\n", found_.size(), steps, to_visit_.size());
  }

private:
  static void check_step(const sr::order_record& from, const sr::order_record& to,
                         const std::string& move) {
    ASSERT_TRUE(from.stage != stage::fulfilled || to.stage == stage::fulfilled);
    ASSERT_TRUE(from.stage != stage::released || to.stage != stage::due ||
                move.substr(0, 6) == "accept");
    ASSERT_TRUE(!rules::is_claimed(from, noon) || to.stage == from.stage ||
                move.substr(0, 6) == "finish");
  }

  void find(sr::order_record order, origin by) {
    // States are too many to keep them. That of two one is left out for the hash of the other is
    // not to be expected.
    if (!seen_.insert(std::hash<std::string>()(key_of(order))).second) return;
    found_.push_back(by);
    to_visit_.push_back(std::move(order));
  }

  std::string path_to(std::size_t state) const {
    std::string path;
    for (; state != 0; state = found_[state].state)
      path.insert(0, " > " + all_[found_[state].move].name);
    return "expected" + path;
  }

  const std::vector<move> all_;
  std::unordered_set<std::size_t> seen_;
  std::vector<origin> found_;
  std::deque<sr::order_record> to_visit_; // in the order of found_
};

void explore(std::vector<move> all) {
  exploration(std::move(all)).run();
}

TEST(EveryState, OfAPaymentThatIsRefunded) {
  explore(moves({own_open, own_paid, own_refunded}));
}
TEST(EveryState, OfAPaymentThatIsRefundedInPartAndDisputed) {
  explore(moves({own_paid, own_refunded_in_part, own_disputed}));
}
TEST(EveryState, OfADelayedPaymentAndAnExpiry) {
  explore(moves({own_open, own_processing, own_expired, own_paid}));
}
TEST(EveryState, OfAnotherSessionBeside) {
  explore(moves({own_open, own_paid, other_open, other_paid, other_expired}));
}
TEST(EveryState, OfAnotherPaymentThatIsRefunded) {
  explore(moves({own_paid, other_paid, other_refunded}));
}

} // namespace
