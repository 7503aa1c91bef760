#include <stripe_return/testkit/order_store_conformance.hpp>

#include <stripe_return/orders/memory_store.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <condition_variable>
#include <limits>
#include <map>
#include <mutex>
#include <ostream>
#include <stdexcept>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

void PrintTo(const conformance_case& each, std::ostream* out) {
  *out << each.name;
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return

namespace {

namespace sr = stripe_return;
using sr::order_row;
using sr::put_result;
using sr::result;
using sr::testkit::conformance_case;
using testing::IsEmpty;
using testing::Not;

constexpr std::size_t all_of_them = std::numeric_limits<std::size_t>::max();

template <class Store> std::vector<std::string> failures_of(const std::string& name) {
  for (const conformance_case& each : sr::testkit::conformance_cases())
    if (each.name == name) return each.failures({[] { return std::make_unique<Store>(); }, {}});
  throw std::invalid_argument(name);
}

class MemoryStore : public testing::TestWithParam<conformance_case> {};
TEST_P(MemoryStore, Conforms) {
  EXPECT_THAT(GetParam().failures({[] { return std::make_unique<sr::memory_store>(); }, {}}),
              IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(OrderStoreConformance, MemoryStore,
                         testing::ValuesIn(sr::testkit::conformance_cases()),
                         [](const auto& named) { return std::string(named.param.name); });

// Does as memory_store does; those below break one of its members.
class wrapped_store : public sr::order_store {
public:
  result<put_result> put(const sr::order_change& change,
                         const sr::transaction_writes& writes) override {
    return kept.put(change, writes);
  }
  result<std::optional<order_row>> find(std::string_view key) override { return kept.find(key); }
  result<std::optional<order_row>> find_by_id(std::string_view id) override {
    return kept.find_by_id(id);
  }
  result<std::vector<order_row>> list(const sr::row_query& query) override {
    return kept.list(query);
  }
  result<sr::list_stats> stats(sr::order_list list, sr::unix_seconds until) override {
    return kept.stats(list, until);
  }
  result<std::vector<std::string>> history(std::string_view key) override {
    return kept.history(key);
  }
  result<std::string> value(std::string_view name) override { return kept.value(name); }
  result<bool> change_value(std::string_view name, std::string_view from,
                            std::string_view to) override {
    return kept.change_value(name, from, to);
  }

protected:
  sr::memory_store kept;
};

struct overwriting : wrapped_store {
  result<put_result> put(const sr::order_change& change,
                         const sr::transaction_writes& writes) override {
    sr::order_change next = change;
    const auto found = kept.find(change.row.key).value();
    next.row.version = found ? found->version + 1 : 1;
    return kept.put(next, writes);
  }
};

// Compares in one step and changes in another, as SELECT and UPDATE do. Its four callers meet in
// between.
struct comparing_first : wrapped_store {
  result<put_result> put(const sr::order_change& change,
                         const sr::transaction_writes& writes) override {
    std::unique_lock<std::mutex> lock(mutex);
    const auto found = kept.find(change.row.key).value();
    if (!found) return kept.put(change, writes);
    if (found->version + 1 != change.row.version) return put_result::version_changed;
    const int round = met++ / 4;
    all_met.notify_all();
    all_met.wait(lock, [&] { return met / 4 > round; });
    kept.put(change, writes).value();
    return put_result::done;
  }
  std::mutex mutex;
  std::condition_variable all_met;
  int met = 0;
};

struct not_checking_ids : wrapped_store {
  result<put_result> put(const sr::order_change& change,
                         const sr::transaction_writes& writes) override {
    const auto answer = kept.put(change, writes).value();
    if (answer != put_result::id_taken) return answer;
    sr::order_change next = change;
    next.new_ids.clear();
    return kept.put(next, writes);
  }
};

struct refusing_its_own_ids : wrapped_store {
  result<put_result> put(const sr::order_change& change,
                         const sr::transaction_writes& writes) override {
    for (const std::string& id : change.new_ids) {
      const auto owner = kept.find_by_id(id).value();
      if (owner && owner->key == change.row.key) return put_result::id_taken;
    }
    return kept.put(change, writes);
  }
};

struct judging_ids_first : wrapped_store {
  result<put_result> put(const sr::order_change& change,
                         const sr::transaction_writes& writes) override {
    for (const std::string& id : change.new_ids) {
      const auto owner = kept.find_by_id(id).value();
      if (owner && owner->key != change.row.key) return put_result::id_taken;
    }
    return kept.put(change, writes);
  }
};

struct writing_before_judging : wrapped_store {
  result<put_result> put(const sr::order_change& change,
                         const sr::transaction_writes& writes) override {
    static const char kind = 0;
    sr::transaction open(&kind, nullptr);
    if (writes && !writes(open)) return put_result::refused;
    return kept.put(change, {});
  }
};

struct not_asking_the_application : wrapped_store {
  result<put_result> put(const sr::order_change& change, const sr::transaction_writes&) override {
    return kept.put(change, {});
  }
};

struct committing_all_the_same : wrapped_store {
  result<put_result> put(const sr::order_change& change,
                         const sr::transaction_writes& writes) override {
    bool agreed = true;
    const auto answer = kept.put(change, [&](sr::transaction& open) {
      agreed = !writes || writes(open);
      return true;
    });
    return agreed ? answer : put_result::refused;
  }
};

// The line of history is written first, and stays where the rest is not done.
struct history_apart : wrapped_store {
  result<put_result> put(const sr::order_change& change,
                         const sr::transaction_writes& writes) override {
    lines[change.row.key].push_back(change.history);
    return kept.put(change, writes);
  }
  result<std::vector<std::string>> history(std::string_view key) override {
    return lines[std::string(key)];
  }
  std::map<std::string, std::vector<std::string>> lines;
};

struct sorting_history : wrapped_store {
  result<std::vector<std::string>> history(std::string_view key) override {
    auto lines = kept.history(key).value();
    std::sort(lines.begin(), lines.end());
    return lines;
  }
};

template <char (*Fold)(char)> struct folding : wrapped_store {
  static std::string folded(std::string_view text) {
    std::string all(text);
    std::transform(all.begin(), all.end(), all.begin(), Fold);
    return all;
  }
  result<std::optional<order_row>> find(std::string_view key) override {
    auto found = kept.find(key).value();
    return found ? found : kept.find(folded(key)).value();
  }
  result<std::optional<order_row>> find_by_id(std::string_view id) override {
    auto found = kept.find_by_id(id).value();
    return found ? found : kept.find_by_id(folded(id)).value();
  }
  result<std::string> value(std::string_view name) override {
    auto found = kept.value(name).value();
    return found.empty() ? kept.value(folded(name)).value() : found;
  }
};
char capital(char each) {
  return static_cast<char>(std::toupper(static_cast<unsigned char>(each)));
}

struct ending_keys_at_nul : wrapped_store {
  result<std::optional<order_row>> find(std::string_view key) override {
    return kept.find(key.substr(0, key.find('\0')));
  }
};

template <void (*Change)(sr::row_query&)> struct querying : wrapped_store {
  result<std::vector<order_row>> list(const sr::row_query& query) override {
    sr::row_query other = query;
    Change(other);
    return kept.list(other);
  }
};
void forget_after(sr::row_query& query) {
  query.after.reset();
}
void forget_key_of_after(sr::row_query& query) {
  if (query.after) query.after->key.clear();
}
void forget_limit(sr::row_query& query) {
  query.limit = all_of_them;
}
void give_one_at_least(sr::row_query& query) {
  query.limit = std::max<std::size_t>(query.limit, 1);
}
void forget_stage(sr::row_query& query) {
  query.stage.clear();
}
void forget_waits_for(sr::row_query& query) {
  query.waits_for.clear();
}
void forget_one_of_two_filters(sr::row_query& query) {
  if (!query.stage.empty()) query.waits_for.clear();
}
void forget_until(sr::row_query& query) {
  query.until = std::numeric_limits<sr::unix_seconds>::max();
}
void leave_out_until(sr::row_query& query) {
  if (query.until != std::numeric_limits<sr::unix_seconds>::min()) --query.until;
}
void take_another_list(sr::row_query& query) {
  if (query.list == sr::order_list::review) query.list = sr::order_list::to_give_back;
}

template <bool (*Less)(const std::string&, const std::string&)> struct sorting : wrapped_store {
  result<std::vector<order_row>> list(const sr::row_query& query) override {
    sr::row_query whole = query;
    whole.limit = all_of_them;
    auto rows = kept.list(whole).value();
    std::stable_sort(rows.begin(), rows.end(), [&](const order_row& left, const order_row& right) {
      const sr::unix_seconds a = *left.index.time(query.list), b = *right.index.time(query.list);
      return a != b ? a < b : Less(left.key, right.key);
    });
    rows.resize(std::min(rows.size(), query.limit));
    return rows;
  }
};
bool by_signed_bytes(const std::string& left, const std::string& right) {
  return std::lexicographical_compare(left.begin(), left.end(), right.begin(), right.end());
}
bool by_length(const std::string& left, const std::string& right) {
  return left.size() < right.size();
}

// A list is made when a row is, and not touched again.
struct keeping_first_lists : wrapped_store {
  result<put_result> put(const sr::order_change& change,
                         const sr::transaction_writes& writes) override {
    const auto answer = kept.put(change, writes).value();
    if (answer == put_result::done && change.row.version == 1) first.put(change, {}).value();
    return answer;
  }
  result<std::vector<order_row>> list(const sr::row_query& query) override {
    return first.list(query);
  }
  sr::memory_store first;
};

template <void (*Change)(order_row&)> struct changing : wrapped_store {
  result<std::optional<order_row>> find(std::string_view key) override {
    auto found = kept.find(key).value();
    if (found) Change(*found);
    return found;
  }
};
void drop_stage(order_row& row) {
  row.index.stage.clear();
}
void drop_a_time(order_row& row) {
  row.index.time(sr::order_list::changed).reset();
}
void make_null_of_no_time(order_row& row) {
  for (auto& time : row.index.times)
    if (!time) time = 0;
}
void end_text_soon(order_row& row) {
  if (row.text.size() > 65535) row.text.resize(65535);
}
void trim_text(order_row& row) {
  while (!row.text.empty() && row.text.back() == ' ')
    row.text.pop_back();
}

struct counting_all : wrapped_store {
  result<sr::list_stats> stats(sr::order_list list, sr::unix_seconds) override {
    return kept.stats(list, std::numeric_limits<sr::unix_seconds>::max());
  }
};

// As a database does that counts changed rows.
struct counting_changes : wrapped_store {
  result<bool> change_value(std::string_view name, std::string_view from,
                            std::string_view to) override {
    return from != to && kept.change_value(name, from, to).value();
  }
};

struct setting_values : wrapped_store {
  result<bool> change_value(std::string_view name, std::string_view, std::string_view to) override {
    return kept.change_value(name, kept.value(name).value(), to);
  }
};

// A store with one fault, and the cases that have to find it.
struct fault {
  const char* name;
  std::vector<std::string> (*failures_of_case)(const std::string& name);
  std::vector<std::string> cases;
};
void PrintTo(const fault& each, std::ostream* out) {
  *out << each.name;
}

class FaultyStore : public testing::TestWithParam<fault> {};
TEST_P(FaultyStore, IsFound) {
  for (const std::string& name : GetParam().cases)
    EXPECT_THAT(GetParam().failures_of_case(name), Not(IsEmpty())) << name;
}
#define FAULT(...) #__VA_ARGS__, failures_of < __VA_ARGS__>
INSTANTIATE_TEST_SUITE_P(
    OrderStoreConformance, FaultyStore,
    testing::Values(
        fault{FAULT(overwriting),
              {"makes_a_row_once", "compares_versions", "lets_one_of_many_change_a_row",
               "lets_one_of_many_make_a_row"}},
        fault{FAULT(comparing_first), {"lets_one_of_many_change_a_row"}},
        fault{
            FAULT(not_checking_ids),
            {"gives_an_id_to_one_row", "lets_one_of_many_take_an_id", "does_as_memory_store_does"}},
        fault{FAULT(refusing_its_own_ids), {"gives_an_id_to_one_row"}},
        fault{FAULT(judging_ids_first), {"judges_version_then_ids_then_writes"}},
        fault{FAULT(writing_before_judging), {"judges_version_then_ids_then_writes"}},
        fault{FAULT(not_asking_the_application),
              {"commits_with_the_application", "undoes_what_the_application_refuses"}},
        fault{FAULT(committing_all_the_same),
              {"undoes_what_the_application_refuses", "does_as_memory_store_does"}},
        fault{FAULT(history_apart), {"makes_a_row_once", "compares_versions"}},
        fault{FAULT(sorting_history), {"keeps_history_in_order"}},
        fault{FAULT(folding<capital>),
              {"tells_keys_apart", "tells_ids_apart", "tells_value_names_apart"}},
        fault{FAULT(ending_keys_at_nul), {"tells_keys_apart"}},
        fault{FAULT(querying<forget_after>), {"lists_page_by_page", "filters_lists"}},
        fault{FAULT(querying<forget_key_of_after>), {"lists_page_by_page"}},
        fault{FAULT(querying<forget_limit>), {"lists_by_time_and_key", "lists_page_by_page"}},
        fault{FAULT(querying<give_one_at_least>), {"lists_by_time_and_key"}},
        fault{FAULT(querying<forget_stage>), {"filters_lists"}},
        fault{FAULT(querying<forget_waits_for>), {"filters_lists"}},
        fault{FAULT(querying<forget_one_of_two_filters>), {"filters_lists"}},
        fault{FAULT(querying<forget_until>), {"lists_until_a_time", "filters_lists"}},
        fault{FAULT(querying<leave_out_until>), {"lists_until_a_time", "lists_by_time_and_key"}},
        fault{FAULT(querying<take_another_list>), {"lists_by_time_and_key"}},
        fault{FAULT(sorting<by_signed_bytes>), {"lists_by_time_and_key"}},
        fault{FAULT(sorting<by_length>), {"lists_by_time_and_key"}},
        fault{FAULT(keeping_first_lists), {"lists_follow_the_row"}},
        fault{FAULT(changing<drop_stage>), {"keeps_every_field"}},
        fault{FAULT(changing<drop_a_time>), {"keeps_every_field"}},
        fault{FAULT(changing<make_null_of_no_time>), {"keeps_every_field"}},
        fault{FAULT(changing<end_text_soon>), {"keeps_every_field"}},
        fault{FAULT(changing<trim_text>), {"keeps_every_field"}},
        fault{FAULT(counting_all), {"counts_stats"}},
        fault{FAULT(counting_changes), {"changes_values"}},
        fault{FAULT(setting_values), {"changes_values", "lets_one_of_many_change_a_value"}}),
    [](const auto& named) {
      std::string name = named.param.name;
      std::replace_if(
          name.begin(), name.end(), [](char each) { return each == '<' || each == '>'; }, '_');
      return name;
    });

TEST(OrderStoreConformance, FindsAStoreThatSharesNothing) {
  const auto make = [] { return std::make_unique<sr::memory_store>(); };
  for (const conformance_case& each : sr::testkit::conformance_cases()) {
    const bool shares =
        each.name == "shows_changes_to_others_at_once" || each.name == "keeps_what_is_committed";
    EXPECT_THAT(each.failures({make, make}),
                testing::Conditional(shares, Not(IsEmpty()), testing::_))
        << each.name;
  }
}

struct unreachable : wrapped_store {
  result<put_result> put(const sr::order_change&, const sr::transaction_writes&) override {
    return sr::error{sr::error_code::store_unavailable, "nobody is there"};
  }
};
TEST(OrderStoreConformance, TellsOfErrorsWithTheCaseAndTheCall) {
  const auto failures =
      sr::testkit::conformance_failures({[] { return std::make_unique<unreachable>(); }, {}});
  EXPECT_THAT(failures,
              testing::Contains("changes_values: put() failed: nobody is there").Times(0));
  EXPECT_THAT(failures, testing::Contains("counts_stats: put() failed: nobody is there"));
}

struct throwing : wrapped_store {
  result<std::string> value(std::string_view) override { throw std::runtime_error("oh"); }
};
TEST(OrderStoreConformance, TellsOfExceptions) {
  EXPECT_THAT(failures_of<throwing>("changes_values"), testing::ElementsAre("the store threw: oh"));
  EXPECT_THAT(failures_of<wrapped_store>("changes_values"), IsEmpty());
}

} // namespace
