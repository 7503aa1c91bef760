// Each operator new of each call of a store of orders fails in turn: the call says so, and nothing
// is changed.
#include "torture/failing.hpp"

#include <stripe_return/orders/memory_store.hpp>
#ifdef STRIPE_RETURN_HAS_POSTGRES
#include "postgres/postgres_server.hpp"

#include <stripe_return/postgres/postgres_store.hpp>
#endif
#ifdef STRIPE_RETURN_HAS_SQLITE
#include <stripe_return/sqlite/sqlite_store.hpp>
#endif

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace sr = stripe_return;

// Longer than what needs no memory of its own.
const std::string key = "the key of an order of a long number";
const std::string id = "cs_test_a1b2c3d4e5f6a1b2c3d4e5f6a1b2c3d4e5f6";

sr::order_change change_of(std::uint64_t version) {
  sr::order_change change;
  change.row.key = key;
  change.row.version = version;
  change.row.text = std::string(5000, static_cast<char>('0' + version));
  for (auto& time : change.row.index.times)
    time = static_cast<sr::unix_seconds>(version);
  change.row.index.stage = "a stage of more than a few letters";
  change.new_ids = {id + std::to_string(version), id};
  change.history = std::string(100, static_cast<char>('0' + version));
  return change;
}

// Everything that can be seen.
std::string seen(sr::order_store& store) {
  std::string all;
  const auto add = [&](const std::optional<sr::order_row>& row) {
    all += row ? row->key + std::to_string(row->version) + row->text + row->index.stage : "nothing";
  };
  for (std::size_t i = 0; i != sr::order_list_count; ++i) {
    sr::row_query query;
    query.list = static_cast<sr::order_list>(i);
    const auto rows = store.list(query).value();
    for (const sr::order_row& row : rows)
      add(row);
    all += std::to_string(store.stats(query.list, 9).value().oldest.value_or(-1)) + "\n";
  }
  add(store.find(key).value());
  for (const char* which : {"", "1", "2"})
    add(store.find_by_id(id + which).value());
  const auto lines = store.history(key).value();
  for (const std::string& line : lines)
    all += line;
  return all + store.value("a name of more than a few letters").value();
}

using store_call = std::function<std::optional<sr::error>(sr::order_store&)>;

template <class T> std::optional<sr::error> said(sr::result<T> answer) {
  if (answer) return std::nullopt;
  return std::move(answer).error();
}

// What a call is given needs memory as well: it is there before.
const sr::order_change made = change_of(1), next = change_of(2);
const sr::transaction_writes refuses = [](sr::transaction&) { return false; };
const std::string name = "a name of more than a few letters";
const std::pair<const char*, store_call> calls[] = {
    {"put", [](auto& store) { return said(store.put(next, {})); }},
    {"refused put", [](auto& store) { return said(store.put(next, refuses)); }},
    {"find", [](auto& store) { return said(store.find(key)); }},
    {"find_by_id", [](auto& store) { return said(store.find_by_id(id)); }},
    {"list", [](auto& store) { return said(store.list({})); }},
    {"history", [](auto& store) { return said(store.history(key)); }},
    {"value", [](auto& store) { return said(store.value(name)); }},
    {"change_value", [](auto& store) { return said(store.change_value(name, "", name)); }}};

// Returns how many allocations of the call there are to fail.
long fail_at_each_allocation(const std::function<std::unique_ptr<sr::order_store>()>& make_empty,
                             const store_call& call, bool is_new) {
  for (long number = 0;; ++number) {
    const auto store = make_empty();
    EXPECT_TRUE(is_new || !said(store->put(made, {})));
    const std::string before = seen(*store);
    failing::arm(failing::what::memory, number);
    const std::optional<sr::error> failure = call(*store);
    if (!failing::disarm()) {
      EXPECT_FALSE(failure);
      return number;
    }
    if (failure) {
      EXPECT_EQ(failure->code, sr::error_code::store_unavailable);
      EXPECT_EQ(failure->message, "Out of memory.");
      EXPECT_EQ(seen(*store), before) << "allocation " << number;
    }
    EXPECT_FALSE(call(*store)) << "allocation " << number;
  }
}

void fail_in_each_call(const std::function<std::unique_ptr<sr::order_store>()>& make_empty) {
  const store_call makes = [](auto& store) { return said(store.put(made, {})); };
  EXPECT_GT(fail_at_each_allocation(make_empty, makes, true), 5);
  for (const auto& [what, call] : calls) {
    SCOPED_TRACE(what);
    fail_at_each_allocation(make_empty, call, false);
  }
}

TEST(OrderStoreMemory, RunsOutInMemoryStore) {
  fail_in_each_call([] { return std::make_unique<sr::memory_store>(); });
}

#ifdef STRIPE_RETURN_HAS_SQLITE
TEST(OrderStoreMemory, RunsOutInSqliteStore) {
  std::string folder = (std::filesystem::temp_directory_path() / "stripe_return_XXXXXX").string();
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  const std::string path = folder + "/orders.db";
  fail_in_each_call([&] {
    std::filesystem::remove(path);
    return std::make_unique<sr::sqlite_store>(path);
  });
  std::filesystem::remove_all(folder);
}
#endif

#ifdef STRIPE_RETURN_HAS_POSTGRES
TEST(OrderStoreMemory, RunsOutInPostgresStore) {
  const test_database database;
  sr::postgres_options options;
  options.conninfo = database.conninfo();
  ASSERT_TRUE(sr::postgres_store(options).find(key));
  fail_in_each_call([&] {
    database.sql("TRUNCATE stripe_return.order_rows, stripe_return.order_ids, "
                 "stripe_return.order_history, stripe_return.order_values");
    return std::make_unique<sr::postgres_store>(options);
  });
}
#endif

} // namespace
