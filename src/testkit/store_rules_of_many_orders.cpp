#include "testkit/store_rules.hpp"

#include <limits>

namespace stripe_return {
inline namespace v0 {
namespace testkit {
namespace {

using numbers = std::vector<std::string>;
constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();
constexpr unix_seconds earliest = std::numeric_limits<unix_seconds>::min();
constexpr unix_seconds latest = std::numeric_limits<unix_seconds>::max();

void expect_list(store_trial& trial, result<numbers> answer, const numbers& expected,
                 const std::string& call) {
  const numbers given = trial.value(std::move(answer), call.c_str());
  trial.expect(given == expected, call + " gave " + shown(given) + " and not " + shown(expected));
}

// Both lists of orders by time: what they give of three that are to be told, from the first on.
template <class List>
void expect_first(store_trial& trial, const std::string& call, const numbers& all, List list) {
  expect_list(trial, list(trial_noon, all.size() + 1), all, call);
  expect_list(trial, list(trial_noon, all.size()), all, call + " of just as many");
  expect_list(trial, list(trial_noon, no_limit), all, call + " without a limit");
  expect_list(trial, list(trial_noon, 1), {all.front()}, call + " of at most one");
  expect_list(trial, list(trial_noon, 0), {}, call + " of at most none");
}

order_record to_be_asked(std::string number, unix_seconds ask_at) {
  order_record order = order_of_number(std::move(number));
  order.ask_at = ask_at;
  return order;
}

order_record in_review(std::string number) {
  order_record order = order_of_number(std::move(number));
  order.review = {reason::amount_mismatch};
  return order;
}

} // namespace

void tells_what_is_due(store_trial& trial) {
  order_record leased = due_order("leased", trial_noon - 50);
  leased.lease = trial_noon + 1;
  order_record lapsed = due_order("lapsed", trial_noon - 50);
  lapsed.lease = trial_noon;
  order_record held = due_order("held", trial_noon - 40);
  held.held = true;
  order_record fulfilled = due_order("fulfilled", trial_noon - 30);
  fulfilled.stage = order_stage::fulfilled;
  for (const order_record& each :
       {lapsed, leased, due_order("later", trial_noon + 1), held, due_order("z", trial_noon - 20),
        due_order("a", trial_noon - 9), fulfilled, order_of_number("awaiting")})
    trial.add(each);
  expect_first(trial, "due()", {"z", "a", "lapsed"},
               [&](unix_seconds now, std::size_t limit) { return trial.store().due(now, limit); });
}

void tells_what_to_ask(store_trial& trial) {
  for (const order_record& each :
       {to_be_asked("now", trial_noon), to_be_asked("never", 0),
        to_be_asked("later", trial_noon + 1), to_be_asked("z", trial_noon - 100),
        to_be_asked("a", trial_noon - 9), due_order("due", trial_noon - 9)})
    trial.add(each);
  expect_first(trial, "to_ask()", {"z", "a", "now"}, [&](unix_seconds now, std::size_t limit) {
    return trial.store().to_ask(now, limit);
  });
}

void tells_what_is_in_review(store_trial& trial) {
  // By bytes; collations, and UTF-16 in the last two, put them in another order.
  const numbers sorted{"",
                       " ",
                       "A1",
                       "A1 ",
                       "A1-",
                       "A2",
                       "B1",
                       "a1",
                       "b",
                       "\xc3\xa9",
                       "\xef\xbc\xa1\x31",
                       "\xf0\x9f\x8d\x9c"};
  for (std::size_t i = 0; i != sorted.size(); ++i)
    trial.add(in_review(sorted[(i * 5 + 3) % sorted.size()])); // each once, in no order
  trial.add(order_of_number("A3"));
  const auto after = [&](const char* number, std::size_t limit, const numbers& expected) {
    expect_list(trial, trial.store().in_review(number, limit), expected,
                std::string("in_review() after '") + number + "'");
  };
  const numbers rest(sorted.begin() + 1, sorted.end());
  after("", no_limit, rest);
  after("", rest.size(), rest);
  after("", 1, {" "});
  after("", 0, {});
  after("A1", 3, {"A1 ", "A1-", "A2"});
  after("A15", 2, {"A2", "B1"}); // which is not there
  after("b", no_limit, numbers(sorted.begin() + 9, sorted.end()));
  after("\xf0\x9f\x8d\x9c", 5, {});
}

void follows_the_record(store_trial& trial) {
  const auto expect_lists = [&](const char* when, const numbers& due, const numbers& to_ask,
                                const numbers& review) {
    expect_list(trial, trial.store().due(trial_noon, 9), due, std::string("due() ") + when);
    expect_list(trial, trial.store().to_ask(trial_noon, 9), to_ask,
                std::string("to_ask() ") + when);
    expect_list(trial, trial.store().in_review("", 9), review, std::string("in_review() ") + when);
  };
  order_record order = to_be_asked("A1", trial_noon);
  trial.add(order);
  expect_lists("of an order that awaits payment", {}, {"A1"}, {});
  order = due_order("A1", trial_noon);
  trial.replace(order);
  expect_lists("of a paid order", {"A1"}, {}, {});
  order.lease = trial_noon + 60;
  trial.replace(order);
  expect_lists("of a claimed order", {}, {}, {});
  order.lease = 0;
  order.held = true;
  order.review = {reason::fulfill_gave_up};
  trial.replace(order);
  expect_lists("of a held order", {}, {}, {"A1"});
  order.held = false;
  order.review.clear();
  trial.replace(order);
  expect_lists("of an order that a person accepted", {"A1"}, {}, {});
  order.stage = order_stage::fulfilled;
  order.review = {reason::duplicate_payment};
  trial.replace(order);
  expect_lists("of a fulfilled order that was paid twice", {}, {}, {"A1"});
}

void takes_extreme_times(store_trial& trial) {
  order_record never = due_order("never", latest);
  never.lease = latest;
  never.ask_at = latest;
  order_record ever = due_order("ever", earliest);
  ever.lease = earliest;
  ever.ask_at = earliest;
  trial.add(never);
  trial.add(ever);
  const std::string text = to_text(ever);
  trial.expect(to_text(trial.find("ever")) == text, "find() changed " + text);
  fulfillment_store& store = trial.store();
  expect_list(trial, store.due(latest, 9), {"ever", "never"}, "due() by the latest time");
  expect_list(trial, store.due(latest - 1, 9), {"ever"}, "due() by the one before");
  expect_list(trial, store.due(earliest, 9), {"ever"}, "due() by the earliest time");
  expect_list(trial, store.to_ask(latest, 9), {"ever", "never"}, "to_ask() by the latest time");
  expect_list(trial, store.to_ask(latest - 1, 9), {"ever"}, "to_ask() by the one before");
  expect_list(trial, store.to_ask(earliest, 9), {"ever"}, "to_ask() by the earliest time");
  const store_standing last = trial.value(store.standing(latest), "standing()");
  trial.expect(last.to_ask == 2 && last.leases_run_out == 2,
               "standing() by the latest time leaves an order out");
  const store_standing first = trial.value(store.standing(earliest), "standing()");
  trial.expect(first.to_ask == 1 && first.leases_run_out == 1 && first.oldest_due_since == earliest,
               "standing() by the earliest time is wrong");
}

void counts_its_standing(store_trial& trial) {
  const auto standing = [&] {
    return trial.value(trial.store().standing(trial_noon), "standing()");
  };
  const store_standing empty = standing();
  trial.expect(empty.due == 0 && !empty.oldest_due_since && empty.leases_run_out == 0 &&
                   empty.in_review == 0 && empty.to_ask == 0,
               "standing() of an empty store counts orders");
  order_record held = due_order("held", trial_noon - 40);
  held.held = true;
  held.review = {reason::fulfill_gave_up};
  order_record lapsed = due_order("lapsed", trial_noon - 30);
  lapsed.lease = trial_noon;
  order_record leased = due_order("leased", trial_noon - 20);
  leased.lease = trial_noon + 1;
  order_record fulfilled = due_order("fulfilled", trial_noon - 50);
  fulfilled.stage = order_stage::fulfilled;
  for (const order_record& each :
       {held, lapsed, leased, due_order("later", trial_noon + 9), fulfilled, in_review("review"),
        to_be_asked("now", trial_noon), to_be_asked("past", trial_noon - 1),
        to_be_asked("future", trial_noon + 1)})
    trial.add(each);
  const store_standing now = standing();
  const auto expect = [&](const char* field, std::size_t is, std::size_t should_be) {
    trial.expect(is == should_be, std::string("standing() has ") + field + " " +
                                      std::to_string(is) + " and not " + std::to_string(should_be));
  };
  expect("due", now.due, 4);
  expect("leases_run_out", now.leases_run_out, 1);
  expect("in_review", now.in_review, 2);
  expect("to_ask", now.to_ask, 2);
  trial.expect(now.oldest_due_since == trial_noon - 40, "standing() has a wrong oldest_due_since");
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
