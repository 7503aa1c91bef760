#include "testkit/store_cases.hpp"

#include <atomic>

namespace stripe_return {
inline namespace v0 {
namespace testkit {
namespace {

constexpr int threads = 4;

// How many of the threads were told that theirs is done.
void expect_one(case_run& run, const char* call,
                const std::function<bool(int, order_store&)>& work) {
  std::atomic<int> succeeded{0};
  run.run_at_once(threads, [&](int thread, order_store& store) {
    if (work(thread, store)) ++succeeded;
  });
  run.expect(succeeded == 1, "of " + std::to_string(threads) + " that called " + call +
                                 " at once, " + std::to_string(succeeded) + " succeeded");
}

bool is_done(order_store& store, const order_change& change) {
  return value_or_throw(store.put(change, {})) == put_result::done;
}

void put_some(case_run& run) {
  order_change change = change_of("A1", 1, {"cs_1"});
  change.row.index.time(order_list::task) = case_noon;
  run.put(change);
  run.put(change_of("A2", 1, {"pi_1"}));
  run.put(change_of("A2", 2));
  run.expect_change(true, "events", "", "evt_1");
}

} // namespace

void shows_changes_to_others_at_once(case_run& run) {
  if (!run.has_other()) return;
  order_store& other = run.other();
  run.expect_same("find() in a new store of another process",
                  shown(run.value(other.find("A1"), "find()")), "nothing");
  put_some(run);
  run.expect_same("another process", run.everything(other), run.everything());
  order_change change = change_of("A1", 2, {"cs_2"});
  run.expect(is_done(other, change), "another process cannot change a row");
  run.expect(value_or_throw(other.change_value("events", "evt_1", "evt_2")),
             "another process cannot change a value");
  run.expect_nothing_done(put_result::version_changed, change_of("A1", 2),
                          "a version that another process made");
  run.expect_nothing_done(put_result::id_taken, change_of("A2", 3, {"cs_2"}),
                          "an id that another process took");
  run.expect_value("events", "evt_2");
  run.expect_same("the first process", run.everything(), run.everything(other));
  run.expect_same("find() of what another process changed",
                  shown(run.value(run.store().find("A1"), "find()")), shown(change.row));
}

void keeps_what_is_committed(case_run& run) {
  if (!run.has_other()) return;
  put_some(run);
  const std::string before = run.everything();
  run.reopen();
  run.expect_same("the store, opened again,", run.everything(), before);
  run.put(change_of("A2", 3));
  run.expect_nothing_done(put_result::id_taken, change_of("A2", 4, {"cs_1"}),
                          "an id of before the store was opened again");
}

void lets_one_of_many_make_a_row(case_run& run) {
  for (int i = 0; i != 25; ++i) {
    const std::string key = std::to_string(i);
    expect_one(run, "put() of a new row",
               [&](int, order_store& store) { return is_done(store, change_of(key)); });
    run.expect_same("history() of a row that several made",
                    shown(run.value(run.store().history(key), "history()")), "'line 1'");
  }
}

void lets_one_of_many_change_a_row(case_run& run) {
  run.put(change_of("A1"));
  std::vector<std::string> lines{"line 1"};
  for (std::uint64_t version = 2; version <= 100; ++version) {
    lines.push_back("line " + std::to_string(version));
    expect_one(run, "put() of the next version",
               [&](int, order_store& store) { return is_done(store, change_of("A1", version)); });
  }
  run.expect_same("history() of a row that several changed",
                  shown(run.value(run.store().history("A1"), "history()")), shown(lines));
}

void lets_one_of_many_take_an_id(case_run& run) {
  for (int i = 0; i != 25; ++i) {
    const std::string id = "cs_" + std::to_string(i);
    std::atomic<int> winner{-1};
    expect_one(run, "put() with the same id", [&](int thread, order_store& store) {
      const std::string key = std::to_string(thread) + " " + id;
      // Some hold another id first, and ask for them in another order.
      const std::string other = "pi_" + std::to_string(i) + "_" + std::to_string(thread);
      const bool done = is_done(
          store,
          change_of(key, 1, thread % 2 == 0 ? std::vector{id, other} : std::vector{other, id}));
      if (done) winner = thread;
      const auto found = value_or_throw(store.find(key));
      const auto beside = value_or_throw(store.find_by_id(other));
      if (found.has_value() != done || beside.has_value() != done)
        throw std::runtime_error("a change is made in part");
      return done;
    });
    const auto found = run.value(run.store().find_by_id(id), "find_by_id()");
    run.expect_same("find_by_id() of an id that several wanted", found ? found->key : "nothing",
                    std::to_string(winner) + " " + id);
  }
}

void lets_one_of_many_change_a_value(case_run& run) {
  std::string from;
  for (int i = 0; i != 25; ++i) {
    const std::string to = "evt_" + std::to_string(i);
    expect_one(run, "change_value()", [&](int, order_store& store) {
      return value_or_throw(store.change_value("events", from, to));
    });
    from = to;
  }
}

void loses_nothing_under_load(case_run& run) {
  constexpr int each_does = 25;
  run.put(change_of("shared"));
  run.run_at_once(threads, [](int thread, order_store& store) {
    for (int i = 0; i != each_does; ++i) {
      const std::string key = std::to_string(thread) + "-" + std::to_string(i);
      order_change own = listed(key, order_list::task, case_noon + i);
      own.new_ids = {"cs_" + key};
      if (!is_done(store, own)) throw std::runtime_error("a new row was refused");
      own.row.version = 2;
      if (!is_done(store, own)) throw std::runtime_error("a change that nobody else made");
      while (!is_done(
          store, change_of("shared", value_or_throw(store.find("shared")).value().version + 1))) {
      }
      for (bool done = false; !done;) {
        const std::string at = value_or_throw(store.value("count"));
        done = value_or_throw(store.change_value("count", at, at + "+"));
      }
    }
  });
  constexpr std::size_t all = threads * each_does;
  std::vector<std::string> lines;
  for (std::size_t i = 1; i <= all + 1; ++i)
    lines.push_back("line " + std::to_string(i));
  run.expect_same("history() of a row that several changed",
                  shown(run.value(run.store().history("shared"), "history()")), shown(lines));
  run.expect_value("count", std::string(all, '+'));
  row_query query;
  query.list = order_list::task;
  query.limit = no_limit;
  const std::vector<order_row> rows = run.value(run.store().list(query), "list()");
  run.expect_same("rows in a list that several filled", std::to_string(rows.size()),
                  std::to_string(all));
  for (const order_row& row : rows) {
    run.expect_same("the version of a row that was changed once", std::to_string(row.version), "2");
    run.expect_same("find_by_id()",
                    shown(run.value(run.store().find_by_id("cs_" + row.key), "find_by_id()")),
                    shown(row));
  }
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
