#include "testkit/store_cases.hpp"

#include <stripe_return/orders/memory_store.hpp>

#include <algorithm>
#include <random>

namespace stripe_return {
inline namespace v0 {
namespace testkit {
namespace {

constexpr const char* stages[] = {"open", "due", "fulfilled"};
constexpr const char* waiters[] = {"customer", "worker", "person"};

bool is_listed(const order_row& row, const row_query& query) {
  const auto& time = row.index.time(query.list);
  const auto behind = [&](const list_position& after) {
    return std::pair(*time, row.key) > std::pair(after.time, after.key);
  };
  return time && *time <= query.until && (!query.after || behind(*query.after)) &&
         (query.stage.empty() || query.stage == row.index.stage) &&
         (query.waits_for.empty() || query.waits_for == row.index.waits_for);
}

// What list() has to give of these rows.
std::vector<order_row> listed_of(const std::vector<order_row>& rows, const row_query& query) {
  std::vector<order_row> found;
  std::copy_if(rows.begin(), rows.end(), std::back_inserter(found),
               [&](const order_row& row) { return is_listed(row, query); });
  std::sort(found.begin(), found.end(), [&](const order_row& left, const order_row& right) {
    return std::pair(*left.index.time(query.list), left.key) <
           std::pair(*right.index.time(query.list), right.key);
  });
  if (found.size() > query.limit) found.resize(query.limit);
  return found;
}

std::string call_of(const row_query& query) {
  return "list() of " + std::string(to_string(query.list)) + " until " +
         std::to_string(query.until) +
         (query.after
              ? " after " + std::to_string(query.after->time) + " " + shown(query.after->key)
              : "") +
         " stage " + shown(query.stage) + " waits_for " + shown(query.waits_for) + " limit " +
         std::to_string(query.limit);
}

std::vector<order_row> expect_list(case_run& run, const std::vector<order_row>& rows,
                                   const row_query& query) {
  std::vector<order_row> given = run.value(run.store().list(query), "list()");
  run.expect_same(call_of(query), shown(keys_of(given)), shown(keys_of(listed_of(rows, query))));
  return given;
}

// Several of each time, and in each list others in another order. Keys that collations, and UTF-16,
// put in another order than their bytes are.
std::vector<order_row> put_rows(case_run& run) {
  using std::string_literals::operator""s;
  const std::vector<std::string> keys{"b",     "A1",       "\xf0\x9f\x8d\x9c",
                                      " ",     "a1",       "\xef\xbc\xa1",
                                      "A1-",   "\xc3\xa9", "A1 ",
                                      "\0"s,   "A",        "\xff"s,
                                      "A1\0"s, "B1"};
  const unix_seconds times[] = {case_noon, earliest, case_noon + 1, case_noon - 1, 0, latest, -1};
  std::vector<order_row> rows;
  for (std::size_t k = 0; k != keys.size(); ++k) {
    order_change change = change_of(keys[k]);
    change.row.index.stage = stages[k % 3];
    change.row.index.waits_for = waiters[k / 3 % 3];
    for (std::size_t i = 0; i != order_list_count; ++i) {
      change.row.index.times[i].reset();
      if ((k + i) % 5 != 0) change.row.index.times[i] = times[k * (i + 1) / 2 % 7];
    }
    run.put(change);
    rows.push_back(change.row);
  }
  return rows;
}

template <class Work> void for_each_list(const Work& work) {
  for (std::size_t i = 0; i != order_list_count; ++i) {
    row_query query;
    query.list = static_cast<order_list>(i);
    query.limit = no_limit;
    work(query);
  }
}

} // namespace

void lists_by_time_and_key(case_run& run) {
  for_each_list([&](const row_query& query) { expect_list(run, {}, query); });
  const std::vector<order_row> rows = put_rows(run);
  for_each_list([&](row_query query) {
    const std::size_t all = expect_list(run, rows, query).size();
    for (const std::size_t limit : {all, all + 1, all - 1, std::size_t{3}, std::size_t{1},
                                    std::size_t{0}, no_limit / 2, no_limit / 2 + 1}) {
      query.limit = limit;
      expect_list(run, rows, query);
    }
  });
}

void lists_until_a_time(case_run& run) {
  const std::vector<order_row> rows = put_rows(run);
  for_each_list([&](row_query query) {
    for (const unix_seconds until : {earliest, earliest + 1, unix_seconds{-1}, unix_seconds{0},
                                     case_noon - 1, case_noon, latest - 1, latest}) {
      query.until = until;
      expect_list(run, rows, query);
    }
  });
}

void lists_page_by_page(case_run& run) {
  const std::vector<order_row> rows = put_rows(run);
  for_each_list([&](row_query query) {
    for (const std::size_t limit : {1U, 2U, 5U}) {
      query.limit = limit;
      query.after.reset();
      for (std::size_t pages = 0; pages <= rows.size(); ++pages) {
        const std::vector<order_row> page = expect_list(run, rows, query);
        if (page.empty()) break;
        query.after =
            list_position{page.back().index.time(query.list).value_or(0), page.back().key};
      }
    }
    query.limit = no_limit;
    for (const unix_seconds time : {earliest, case_noon - 2, case_noon, case_noon + 2, latest}) {
      for (const char* key : {"", "A1", "A15", "\xff\xff"}) { // not there, but for A1
        query.after = list_position{time, key};
        for (const unix_seconds until : {latest, case_noon}) {
          query.until = until;
          expect_list(run, rows, query);
        }
      }
    }
  });
}

void filters_lists(case_run& run) {
  const std::vector<order_row> rows = put_rows(run);
  for_each_list([&](row_query query) {
    for (const char* stage : {"", "open", "due", "fulfilled", "fulfille", "canceled"}) {
      for (const char* waits_for : {"", "customer", "worker", "person", "nothing"}) {
        query.stage = stage;
        query.waits_for = waits_for;
        query.until = latest;
        query.limit = no_limit;
        query.after.reset();
        const std::vector<order_row> all = expect_list(run, rows, query);
        query.limit = 1;
        expect_list(run, rows, query);
        if (all.empty()) continue;
        query.after =
            list_position{all.front().index.time(query.list).value_or(0), all.front().key};
        expect_list(run, rows, query);
        query.until = case_noon;
        expect_list(run, rows, query);
      }
    }
  });
}

void lists_follow_the_row(case_run& run) {
  std::vector<order_row> rows = put_rows(run);
  order_row& row = rows.front();
  order_index step = row.index;
  std::vector<order_index> steps;
  for (std::size_t i = 0; i != order_list_count; ++i) {
    for (const auto time : {std::optional(case_noon), std::optional(case_noon + 5),
                            std::optional<unix_seconds>(), std::optional(latest)}) {
      step.times[i] = time;
      step.stage = stages[steps.size() % 3];
      steps.push_back(step);
      step.waits_for = waiters[steps.size() / 2 % 3];
    }
  }
  steps.push_back({});
  steps.push_back(step);
  for (const order_index& index : steps) {
    order_change change = change_of(row.key, row.version + 1);
    change.row.index = index;
    run.put(change);
    row = change.row;
    for_each_list([&](row_query query) {
      expect_list(run, rows, query);
      query.stage = stages[0];
      expect_list(run, rows, query);
      query.waits_for = waiters[0];
      expect_list(run, rows, query);
      query.stage.clear();
      expect_list(run, rows, query);
    });
  }
}

void counts_stats(case_run& run) {
  const auto expect_stats = [&](const std::vector<order_row>& rows) {
    for_each_list([&](row_query query) {
      for (const unix_seconds until : {earliest, unix_seconds{0}, case_noon, latest}) {
        query.until = until;
        const std::vector<order_row> wanted = listed_of(rows, query);
        const list_stats given = run.value(run.store().stats(query.list, until), "stats()");
        const std::string what = "stats() of " + std::string(to_string(query.list)) + " until " +
                                 std::to_string(until) + ": ";
        run.expect_same(what + "count", std::to_string(given.count), std::to_string(wanted.size()));
        run.expect_same(what + "oldest", given.oldest ? std::to_string(*given.oldest) : "nothing",
                        wanted.empty() ? "nothing"
                                       : std::to_string(*wanted.front().index.time(query.list)));
      }
    });
  };
  expect_stats({});
  expect_stats(put_rows(run));
}

// Some hundred changes, most of which are made.
void does_as_memory_store_does(case_run& run) {
  memory_store reference;
  std::mt19937 random(20260323);
  const auto pick = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
  const char* const keys[] = {"a", "A", "b", "ab"};
  for (int step = 0; step != 400; ++step) {
    const std::string key = keys[pick(4)];
    const auto found = run.value(reference.find(key), "memory_store");
    const std::uint64_t version = found ? found->version : 0;
    order_change change = change_of(key, version + (pick(5) == 0 ? pick(3) : 1));
    for (auto& time : change.row.index.times) {
      time.reset();
      if (pick(3) != 0) time = case_noon + pick(3);
    }
    change.row.index.stage = stages[pick(3)];
    change.row.index.waits_for = waiters[pick(3)];
    for (unsigned ids = pick(3); ids != 0; --ids)
      change.new_ids.push_back("cs_" + std::to_string(pick(30)));
    change.history = std::to_string(step);
    const bool agrees = pick(6) != 0;
    const transaction_writes writes = [agrees](transaction&) { return agrees; };
    const auto wanted = run.value(reference.put(change, writes), "memory_store");
    run.expect_put(wanted, change, "step " + std::to_string(step), writes);
    row_query query;
    query.list = static_cast<order_list>(pick(order_list_count));
    if (pick(2) != 0) query.stage = stages[pick(3)];
    if (pick(2) != 0) query.waits_for = waiters[pick(3)];
    if (pick(2) != 0) query.until = case_noon + pick(3);
    if (pick(2) != 0) query.after = list_position{case_noon + pick(3), keys[pick(4)]};
    query.limit = pick(4);
    run.expect_same(call_of(query), shown(keys_of(run.value(run.store().list(query), "list()"))),
                    shown(keys_of(run.value(reference.list(query), "memory_store"))));
    if (step % 20 == 0)
      run.expect_same("the store after step " + std::to_string(step), run.everything(),
                      run.everything(reference));
  }
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
