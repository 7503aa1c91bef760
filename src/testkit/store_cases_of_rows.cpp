#include "testkit/store_cases.hpp"

namespace stripe_return {
inline namespace v0 {
namespace testkit {
namespace {

// What text can hold that a database may take for something else.
constexpr std::string_view awkward_text =
    "100% 'quoted' \"twice\" \\ \\000 ; -- _ ?1 $1 {\"a\": 1}\n\r\t\x7f\x01 "
    "\xe8\xae\xa2\xe5\x8d\x95 \xf0\x9f\x8d\x9c \xef\xbb\xbf\xef\xbf\xbf ";

// Keys are any bytes.
std::vector<std::string> awkward_keys() {
  using std::string_literals::operator""s;
  std::vector<std::string> keys = awkward_words();
  for (const std::string& more : {"\0"s, "\0\0"s, "A1\0"s, "A1\0A"s, "\x01"s, "\xff"s, "\xff\xfe"s,
                                  "\xc3"s, "\x80\x41"s, "\xed\xa0\x80"s, "\xc0\x80"s})
    keys.push_back(more);
  return keys;
}

std::string row_of_id(case_run& run, const std::string& id) {
  const auto found = run.value(run.store().find_by_id(id), "find_by_id()");
  return found ? shown(found->key) : "nothing";
}

} // namespace

void makes_a_row_once(case_run& run) {
  order_store& store = run.store();
  run.expect_same("find() in an empty store", shown(run.value(store.find("A1"), "find()")),
                  "nothing");
  run.expect_same("history() in an empty store", shown(run.value(store.history("A1"), "history()")),
                  "nothing");
  run.expect_same("find_by_id() in an empty store", row_of_id(run, "cs_1"), "nothing");
  run.expect_nothing_done(put_result::version_changed, change_of("A1", 2, {"cs_1"}),
                          "version 2 of a row that is not there");
  run.put(change_of("A1"));
  run.expect_nothing_done(put_result::version_changed, change_of("A1", 1, {"cs_1"}),
                          "a row that is there already");
}

void keeps_every_field(case_run& run) {
  order_change full = change_of("full", 1, {"cs_1"});
  full.row.text = awkward_text;
  full.row.index.stage = "a_word_of_letters";
  full.row.index.waits_for = "another_word";
  full.history = awkward_text;
  for (std::size_t i = 0; i != order_list_count; ++i)
    full.row.index.times[i] = case_noon + static_cast<unix_seconds>(i);
  order_change least = change_of("least");
  least.row.text = least.history = "";
  least.row.index = {};
  order_change most = full;
  most.row.key = std::string(1000, 'k');
  most.row.text = std::string(200000, 't') + std::string(awkward_text);
  most.history = std::string(20000, 'h');
  most.new_ids = {std::string(300, 'i')};
  order_change extreme = change_of("extreme");
  for (std::size_t i = 0; i != order_list_count; ++i)
    extreme.row.index.times[i] = i % 3 == 0 ? earliest : i % 3 == 1 ? latest : 0;
  for (order_change each : {full, least, most, extreme}) {
    // As it is made, when it becomes another, and when it becomes what it was.
    order_change other = each.row.key == "full" ? least : full;
    other.row.key = each.row.key;
    other.new_ids.clear();
    std::vector<std::string> lines;
    for (std::uint64_t version = 1; version <= 3; ++version) {
      order_change& next = version == 2 ? other : each;
      next.row.version = version;
      run.put(next);
      lines.push_back(next.history);
      run.expect_same("find()", shown(run.value(run.store().find(each.row.key), "find()")),
                      shown(next.row));
      for (const std::string& id : each.new_ids)
        run.expect_same("find_by_id()",
                        shown(run.value(run.store().find_by_id(id), "find_by_id()")),
                        shown(next.row));
      for (std::size_t i = 0; i != order_list_count; ++i) {
        row_query query;
        query.list = static_cast<order_list>(i);
        for (const order_row& row : run.value(run.store().list(query), "list()"))
          if (row.key == each.row.key) run.expect_same("list()", shown(row), shown(next.row));
      }
    }
    run.expect_same("history()", shown(run.value(run.store().history(each.row.key), "history()")),
                    shown(lines));
  }
}

void compares_versions(case_run& run) {
  for (std::uint64_t version = 1; version <= 3; ++version)
    run.put(change_of("A1", version));
  constexpr std::uint64_t last = std::numeric_limits<std::int64_t>::max();
  for (const std::uint64_t version : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2},
                                      std::uint64_t{3}, std::uint64_t{5}, last}) {
    run.expect_nothing_done(put_result::version_changed, change_of("A1", version, {"cs_1"}),
                            "version " + std::to_string(version) + " after version 3");
  }
  run.put(change_of("A1", 4));
  for (const std::uint64_t version : {std::uint64_t{0}, std::uint64_t{2}, last}) {
    run.expect_nothing_done(put_result::version_changed, change_of("A2", version, {"cs_1"}),
                            "version " + std::to_string(version) + " of no row");
  }
}

void tells_keys_apart(case_run& run) {
  const std::vector<std::string> keys = awkward_keys();
  for (const std::string& key : keys) {
    run.expect_same("find() of what was never put, after others,",
                    shown(run.value(run.store().find(key), "find()")), "nothing");
    run.put(change_of(key, 1, {"id of " + shown(key)}));
  }
  for (const std::string& key : keys) {
    order_change next = change_of(key, 2);
    next.history = shown(key);
    run.put(next);
    run.expect_same("find_by_id()", row_of_id(run, "id of " + shown(key)), shown(key));
    run.expect_same("find()", shown(run.value(run.store().find(key), "find()")), shown(next.row));
    run.expect_same("history()", shown(run.value(run.store().history(key), "history()")),
                    shown(std::vector<std::string>{"line 1", shown(key)}));
  }
}

void tells_ids_apart(case_run& run) {
  const std::vector<std::string> ids = awkward_words();
  for (const std::string& id : ids) {
    run.expect_same("find_by_id() of what was never put, after others,", row_of_id(run, id),
                    "nothing");
    run.put(change_of("row of " + id, 1, {id}));
  }
  for (const std::string& id : ids)
    run.expect_same("find_by_id()", row_of_id(run, id), shown("row of " + id));
}

void gives_an_id_to_one_row(case_run& run) {
  run.put(change_of("A1", 1, {"cs_1", "pi_1"}));
  run.put(change_of("A2", 1, {"cs_2", "cs_2"}));
  run.put(change_of("A1", 2, {"cs_1", "cs_3"}));
  run.put(change_of("A1", 3));
  const auto expect_owners = [&] {
    for (const auto& [id, owner] : {std::pair{"cs_1", "'A1'"},
                                    {"pi_1", "'A1'"},
                                    {"cs_3", "'A1'"},
                                    {"cs_2", "'A2'"},
                                    {"cs_4", "nothing"},
                                    {"CS_1", "nothing"},
                                    {"cs_", "nothing"},
                                    {"A1", "nothing"}})
      run.expect_same(std::string("find_by_id() of ") + id, row_of_id(run, id), owner);
  };
  expect_owners();
  for (const std::vector<std::string>& ids :
       {std::vector<std::string>{"cs_1"}, {"cs_4", "cs_1"}, {"pi_1", "cs_4"}, {"cs_3"}}) {
    run.expect_nothing_done(put_result::id_taken, change_of("A2", 2, ids),
                            "another row's id by " + shown(ids));
    run.expect_nothing_done(put_result::id_taken, change_of("A3", 1, ids),
                            "another row's id by a new row's " + shown(ids));
  }
  expect_owners();
  run.put(change_of("A2", 2, {"cs_4", "cs_2"}));
  run.expect_same("find_by_id() of a new id beside an old one", row_of_id(run, "cs_4"), "'A2'");
}

void judges_version_then_ids_then_writes(case_run& run) {
  run.put(change_of("A1", 1, {"cs_1"}));
  run.put(change_of("A2", 1, {"cs_2"}));
  for (const std::uint64_t version : {1U, 2U, 3U}) {
    for (const char* id : {"cs_1", "cs_2", "cs_3"}) {
      const bool mine = version == 2, taken = id == std::string("cs_1");
      bool called = false;
      run.expect_nothing_done(!mine   ? put_result::version_changed
                              : taken ? put_result::id_taken
                                      : put_result::refused,
                              change_of("A2", version, {id}),
                              "version " + std::to_string(version) + " with " + id +
                                  " and writes that refuse",
                              [&](transaction&) {
                                called = true;
                                return false;
                              });
      run.expect(called == (mine && !taken),
                 called ? "the application's writes were made for a change that is not made"
                        : "the application's writes were not made");
    }
  }
}

void commits_with_the_application(case_run& run) {
  run.put(change_of("A1"));
  for (const char* key : {"A1", "A2"}) {
    int calls = 0;
    const order_change change = change_of(key, key == std::string("A1") ? 2 : 1, {key});
    run.expect_put(put_result::done, change, "a change with writes", [&](transaction&) {
      ++calls;
      return true;
    });
    run.expect(calls != 0, "put() did not call the application's writes");
    run.expect_same("find() after the application's writes",
                    shown(run.value(run.store().find(key), "find()")), shown(change.row));
    run.expect_same("find_by_id() after the application's writes", row_of_id(run, key), shown(key));
  }
  run.expect_same("history() after the application's writes",
                  shown(run.value(run.store().history("A1"), "history()")), "'line 1', 'line 2'");
}

void undoes_what_the_application_refuses(case_run& run) {
  run.put(change_of("A1"));
  const std::pair<const char*, transaction_writes> refusals[] = {
      {"the application said false", [](transaction&) { return false; }},
      {"the application threw an exception",
       [](transaction&) -> bool { throw std::runtime_error("no"); }},
      {"the application threw what is no std::exception", [](transaction&) -> bool { throw 1; }}};
  for (const auto& [why, writes] : refusals) {
    for (const char* key : {"A1", "A2"}) {
      order_change change = change_of(key, key == std::string("A1") ? 2 : 1, {"cs_1"});
      for (auto& time : change.row.index.times)
        time = case_noon;
      run.expect_nothing_done(put_result::refused, change, why, writes);
    }
  }
  run.put(change_of("A2", 1, {"cs_1"}));
  run.put(change_of("A1", 2));
}

void keeps_history_in_order(case_run& run) {
  std::vector<std::string> lines;
  for (std::uint64_t version = 1; version <= 25; ++version) {
    order_change change = change_of("A1", version);
    lines.push_back(change.history = version % 4 == 0 ? "again" : std::to_string(97 % version));
    run.put(change);
    run.put(change_of("A" + std::to_string(version + 1)));
  }
  run.expect_same("history()", shown(run.value(run.store().history("A1"), "history()")),
                  shown(lines));
}

void changes_values(case_run& run) {
  const char* const name = "events";
  run.expect_value(name, "");
  run.expect_change(false, name, "evt_1", "evt_2");
  run.expect_change(true, name, "", "");
  run.expect_value(name, "");
  run.expect_change(true, name, "", "evt_1");
  run.expect_change(false, name, "", "evt_2");
  run.expect_change(false, name, "EVT_1", "evt_2");
  run.expect_change(false, name, "evt_1 ", "evt_2");
  run.expect_value(name, "evt_1");
  run.expect_change(true, name, "evt_1", "evt_1");
  run.expect_change(true, name, "evt_1", awkward_text);
  run.expect_value(name, awkward_text);
  run.expect_change(true, name, awkward_text, "");
  run.expect_value(name, "");
  run.expect_change(true, name, "", std::string(100000, 'v'));
  run.expect_value(name, std::string(100000, 'v'));
}

void tells_value_names_apart(case_run& run) {
  const std::vector<std::string> names = awkward_words();
  for (const std::string& name : names) {
    run.expect_value(name.c_str(), "");
    run.expect_change(true, name.c_str(), "", name);
  }
  for (std::size_t i = 0; i != names.size(); ++i) {
    run.expect_value(names[i].c_str(), names[i]);
    const std::string& next = names[(i + 1) % names.size()]; // values are told apart as well
    run.expect_change(false, names[i].c_str(), next, "x");
  }
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
