#include "testkit/store_rules.hpp"

#include <atomic>
#include <stdexcept>

namespace stripe_return {
inline namespace v0 {
namespace testkit {
namespace {

constexpr int threads = 4;

// On the threads of a trial.
template <class T> T value(result<T> answer) {
  if (!answer) throw std::runtime_error(answer.error().message);
  return *std::move(answer);
}

// How many of the threads were told true.
int successes(store_trial& trial, const std::function<bool(int, fulfillment_store&)>& work) {
  std::atomic<int> succeeded{0};
  trial.run_at_once(threads, [&](int thread, fulfillment_store& store) {
    if (work(thread, store)) ++succeeded;
  });
  return succeeded;
}

void expect_one(store_trial& trial, const char* call, int succeeded) {
  trial.expect(succeeded == 1, "of " + std::to_string(threads) + " that called " + call +
                                   " at once, " + std::to_string(succeeded) + " succeeded");
}

} // namespace

void shows_changes_to_others_at_once(store_trial& trial) {
  if (!trial.has_other()) return;
  fulfillment_store& other = trial.other();
  trial.expect(!trial.value(other.find("A1"), "find()"), "a new store holds an order");
  order_record order = due_order("A1", trial_noon);
  order.sessions = {{"cs_test_1"}};
  trial.add(order);
  trial.expect(trial.value(other.find("A1"), "find()").has_value(),
               "an order that was added cannot be found by another connection");
  trial.expect(trial.value(other.order_of("cs_test_1"), "order_of()") == "A1",
               "a session that was added cannot be found by another connection");
  trial.expect(trial.value(other.due(trial_noon, 1), "due()").size() == 1,
               "an order that was added is not due for another connection");
  ++order.version;
  trial.expect(trial.value(other.replace(order, line_of("by the other")), "replace()"),
               "another connection cannot replace the order");
  trial.expect(trial.find("A1").version == 1, "what another connection replaced is not seen");
  trial.expect(trial.whats("A1") == std::vector<std::string>{"added", "by the other"},
               "the line of history of another connection is not seen");
  trial.expect(!trial.value(trial.store().replace(order, line_of("late")), "replace()"),
               "both connections replaced the same version");
  trial.value(other.move_cursor("events", "", "evt_1"), "move_cursor()");
  trial.expect(trial.value(trial.store().cursor("events"), "cursor()") == "evt_1",
               "where another connection moved a cursor is not seen");
}

void keeps_what_is_committed(store_trial& trial) {
  if (!trial.has_other()) return;
  order_record order = due_order("A1", trial_noon);
  order.sessions = {{"cs_test_1"}};
  trial.add(order);
  trial.replace(order);
  trial.value(trial.store().move_cursor("events", "", "evt_1"), "move_cursor()");
  trial.reopen();
  trial.expect(to_text(trial.find("A1")) == to_text(order), "the order is not as it was");
  trial.expect(trial.whats("A1") == std::vector<std::string>{"added", "replaced"},
               "the history is not as it was");
  trial.expect(trial.value(trial.store().order_of("cs_test_1"), "order_of()") == "A1",
               "the session is gone");
  trial.expect(trial.value(trial.store().due(trial_noon, 1), "due()").size() == 1,
               "the order is not due any more");
  trial.expect(trial.value(trial.store().cursor("events"), "cursor()") == "evt_1",
               "the cursor is gone");
}

void lets_one_of_many_replace(store_trial& trial) {
  trial.add(order_of_number("A1"));
  for (std::uint64_t version = 1; version <= 100; ++version) {
    expect_one(trial, "replace()", successes(trial, [&](int, fulfillment_store& store) {
                 order_record order = order_of_number("A1");
                 order.version = version;
                 return value(store.replace(order, line_of("replaced")));
               }));
  }
  trial.expect(trial.find("A1").version == 100, "100 changes did not make 100 versions");
  trial.expect(trial.whats("A1").size() == 101, "100 changes did not add 100 lines of history");
}

void lets_one_of_many_add(store_trial& trial) {
  for (int i = 0; i != 25; ++i) {
    const std::string number = "A" + std::to_string(i);
    expect_one(trial, "add()", successes(trial, [&](int thread, fulfillment_store& store) {
                 return value(
                     store.add(order_of_number(number), line_of("by " + std::to_string(thread))));
               }));
    trial.expect(trial.whats(number).size() == 1,
                 "of an order that several added at once the history is " +
                     shown(trial.whats(number)));
  }
}

void lets_one_of_many_move_a_cursor(store_trial& trial) {
  std::string at;
  for (int i = 0; i != 25; ++i) {
    const std::string next = "evt_" + std::to_string(i);
    expect_one(trial, "move_cursor()", successes(trial, [&](int, fulfillment_store& store) {
                 return value(store.move_cursor("events", at, next));
               }));
    at = next;
  }
}

void loses_nothing_under_load(store_trial& trial) {
  constexpr int each_does = 25;
  trial.add(order_of_number("shared"));
  trial.run_at_once(threads, [](int thread, fulfillment_store& store) {
    for (int i = 0; i != each_does; ++i) {
      const std::string number = std::to_string(thread) + "-" + std::to_string(i);
      order_record own = due_order(number, trial_noon + i);
      own.sessions = {{"cs_test_" + number}};
      value(store.add(own, line_of("added")));
      ++own.version;
      value(store.replace(own, line_of("replaced")));
      for (bool done = false; !done;) {
        order_record shared = value(store.find("shared")).value();
        ++shared.version;
        ++shared.attempts;
        done = value(store.replace(shared, line_of(std::to_string(shared.attempts))));
      }
    }
  });
  constexpr int all = threads * each_does;
  trial.expect(trial.find("shared").attempts == all,
               std::to_string(all) + " changes of one order left " +
                   std::to_string(trial.find("shared").attempts));
  std::vector<std::string> expected{"added"};
  for (int i = 1; i <= all; ++i)
    expected.push_back(std::to_string(i));
  trial.expect(trial.whats("shared") == expected,
               "the history of an order that several changed is " + shown(trial.whats("shared")));
  for (int thread = 0; thread != threads; ++thread) {
    for (int i = 0; i != each_does; ++i) {
      const std::string number = std::to_string(thread) + "-" + std::to_string(i);
      trial.expect(trial.find(number).version == 1, "a change of '" + number + "' is lost");
      trial.expect(trial.whats(number).size() == 2, "a line of '" + number + "' is lost");
      trial.expect(trial.value(trial.store().order_of("cs_test_" + number), "order_of()") == number,
                   "a session of '" + number + "' is lost");
    }
  }
  const auto due = trial.value(trial.store().due(trial_noon + each_does, 2 * all), "due()");
  trial.expect(due.size() == static_cast<std::size_t>(all),
               "of " + std::to_string(all) + " due orders " + std::to_string(due.size()) +
                   " are told");
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
