#include "testkit/store_case_run.hpp"

#include "core/ascii.hpp"

#include <array>
#include <future>
#include <mutex>
#include <thread>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

order_store& case_run::other() {
  if (!has_other()) return *store_;
  if (!other_) other_ = under_test_.open_again();
  return *other_;
}

void case_run::reopen() {
  other_.reset();
  store_.reset();
  store_ = under_test_.open_again();
}

void case_run::expect_same(const std::string& what, const std::string& given,
                           const std::string& wanted) {
  if (given == wanted) return;
  std::size_t from = 0;
  while (from < given.size() && from < wanted.size() && given[from] == wanted[from])
    ++from;
  from -= from < 40 ? from : 40;
  const auto part = [&](const std::string& text) {
    return (from == 0 ? "" : "...") + text.substr(from, 300);
  };
  failures_.push_back(what + " gave " + part(given) + " and not " + part(wanted));
}

void case_run::expect_put(put_result wanted, const order_change& change, const std::string& which,
                          const transaction_writes& writes) {
  keys_.insert(change.row.key);
  ids_.insert(change.new_ids.begin(), change.new_ids.end());
  expect_same("put() of " + which,
              std::string(to_string(value(store().put(change, writes), "put()"))),
              std::string(to_string(wanted)));
}

void case_run::expect_value(const char* name, std::string_view wanted) {
  names_.insert(name);
  expect_same("value() of " + shown(name), shown(value(store().value(name), "value()")),
              shown(wanted));
}

void case_run::expect_change(bool wanted, const char* name, std::string_view from,
                             std::string_view to) {
  names_.insert(name);
  expect(value(store().change_value(name, from, to), "change_value()") == wanted,
         "change_value() of " + shown(name) + " from " + shown(from) + " said " +
             (wanted ? "false" : "true"));
}

std::string case_run::everything(order_store& store) {
  std::string all;
  for (const std::string& key : keys_) {
    all += "\nrow " + shown(value(store.find(key), "find()")) + ", history " +
           shown(value(store.history(key), "history()"));
  }
  for (const std::string& id : ids_)
    all += "\nid " + shown(id) + " of " + shown(value(store.find_by_id(id), "find_by_id()"));
  for (std::size_t i = 0; i != order_list_count; ++i) {
    row_query query;
    query.list = static_cast<order_list>(i);
    query.limit = no_limit;
    all += "\nlist " + std::string(to_string(query.list)) + " " +
           shown(keys_of(value(store.list(query), "list()")));
  }
  for (const std::string& name : names_)
    all += "\nvalue " + shown(name) + " " + shown(value(store.value(name), "value()"));
  return all;
}

void case_run::expect_nothing_done(put_result wanted, const order_change& change,
                                   const std::string& which, const transaction_writes& writes) {
  keys_.insert(change.row.key);
  ids_.insert(change.new_ids.begin(), change.new_ids.end());
  const std::string before = everything();
  expect_put(wanted, change, which, writes);
  expect_same("the store, which was to be as before " + which + ",", everything(), before);
}

void case_run::run_at_once(int threads, const std::function<void(int, order_store&)>& work) {
  order_store& second = other();
  std::promise<void> begin;
  const std::shared_future<void> begun = begin.get_future().share();
  std::mutex mutex;
  std::vector<std::thread> running;
  for (int number = 0; number != threads; ++number) {
    running.emplace_back([&, number] {
      begun.wait();
      try {
        work(number, number % 2 == 0 ? store() : second);
      } catch (const std::exception& thrown) {
        const std::lock_guard<std::mutex> lock(mutex);
        failures_.push_back(std::string("with several threads at once: ") + thrown.what());
      }
    });
  }
  begin.set_value();
  for (std::thread& each : running)
    each.join();
}

order_change change_of(std::string key, std::uint64_t version, std::vector<std::string> new_ids) {
  order_change change;
  change.row.key = std::move(key);
  change.row.version = version;
  change.row.text = "text " + std::to_string(version);
  change.row.index.time(order_list::all) = case_noon;
  change.row.index.stage = "open";
  change.row.index.waits_for = "customer";
  change.new_ids = std::move(new_ids);
  change.history = "line " + std::to_string(version);
  return change;
}

order_change listed(std::string key, order_list list, unix_seconds time) {
  order_change change = change_of(std::move(key));
  change.row.index.times = {};
  change.row.index.time(list) = time;
  return change;
}

std::vector<std::string> awkward_words() {
  return {"1774256382025448500",
          " ",
          "A1",
          "a1",
          "A1 ",
          " A1",
          "A",
          "A_",
          "A%",
          "%",
          "7",
          "07",
          "7.0",
          "7e0",
          "x'37'",
          "null",
          "O'Brien; DROP TABLE orders; --",
          "\"quoted\"",
          "back\\slash",
          "\\x41",
          "two\nlines",
          "{1,2}",
          "$1",
          "?1",
          "\xe8\xae\xa2\xe5\x8d\x95-1",        // an order, in Chinese
          "\xef\xbc\xa1\x31",                  // A1 with a wide A
          "\xc3\xa9",                          // e with an accent
          "e\xcc\x81",                         // the same of two characters
          "e",                                 //
          "stra\xc3\x9f\x65",                  // and with ss
          "strasse",                           //
          "\xf0\x9f\x8d\x9c",                  // outside of the basic plane
          std::string(500, 'x'),               // all that Stripe's metadata hold
          std::string(499, 'x') + "y",         //
          std::string(500, 'x') + "\xc2\xa0"}; // a space to some
}

std::string shown(std::string_view bytes) {
  std::string text = "'";
  for (const char each : bytes) {
    const auto byte = static_cast<unsigned char>(each);
    if (byte >= 0x20 && byte < 0x7f && each != '\\' && each != '\'')
      text += each;
    else
      append_hex(text += "\\x", byte);
  }
  return text += '\'';
}

std::string shown(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& each : words)
    text += (text.empty() ? "" : ", ") + shown(each);
  return text.empty() ? "nothing" : text;
}

std::string shown(const order_row& row) {
  std::string text = shown(row.key) + " version " + std::to_string(row.version) + " text " +
                     shown(row.text) + " stage " + shown(row.index.stage) + " waits_for " +
                     shown(row.index.waits_for);
  for (std::size_t i = 0; i != order_list_count; ++i) {
    const auto list = static_cast<order_list>(i);
    if (row.index.time(list))
      text += " " + std::string(to_string(list)) + " " + std::to_string(*row.index.time(list));
  }
  return text;
}

std::string shown(const std::optional<order_row>& row) {
  return row ? shown(*row) : "nothing";
}

std::vector<std::string> keys_of(const std::vector<order_row>& rows) {
  std::vector<std::string> keys;
  keys.reserve(rows.size());
  for (const order_row& each : rows)
    keys.push_back(each.key);
  return keys;
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
