#include <stripe_return/testkit/store_conformance.hpp>

#include <stripe_return/fulfillment/memory_store.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <ostream>
#include <stdexcept>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

void PrintTo(const store_rule& rule, std::ostream* out) {
  *out << rule.name;
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return

namespace {

namespace sr = stripe_return;
using sr::testkit::store_rule;
using sr::testkit::store_under_test;
using testing::IsEmpty;
using testing::Not;

const store_under_test memory{[] { return std::make_unique<sr::memory_store>(); }, {}};

store_rule rule_of(const std::string& name) {
  for (const store_rule& each : sr::testkit::store_rules())
    if (each.name == name) return each;
  throw std::invalid_argument(name);
}

template <class Store> std::vector<std::string> failures_of(const std::string& rule) {
  return rule_of(rule).failures({[] { return std::make_unique<Store>(); }, {}});
}

class MemoryStore : public testing::TestWithParam<store_rule> {};
TEST_P(MemoryStore, Conforms) {
  EXPECT_THAT(GetParam().failures(memory), IsEmpty());
}
INSTANTIATE_TEST_SUITE_P(StoreConformance, MemoryStore,
                         testing::ValuesIn(sr::testkit::store_rules()),
                         [](const auto& named) { return std::string(named.param.name); });

// Does as memory_store does; those below spoil one of its members.
class spoilt_store : public sr::fulfillment_store {
public:
  sr::result<bool> add(const sr::order_record& order, const sr::history_entry& entry) override {
    return kept.add(order, entry);
  }
  sr::result<std::optional<sr::order_record>> find(std::string_view number) override {
    return kept.find(number);
  }
  sr::result<std::optional<std::string>> order_of(std::string_view session_id) override {
    return kept.order_of(session_id);
  }
  sr::result<bool> replace(const sr::order_record& order, const sr::history_entry& entry) override {
    return kept.replace(order, entry);
  }
  sr::result<bool> replace_with(const sr::order_record& order, const sr::history_entry& entry,
                                const sr::host_writes& writes) override {
    return kept.replace_with(order, entry, writes);
  }
  sr::result<std::vector<std::string>> due(sr::unix_seconds now, std::size_t limit) override {
    return kept.due(now, limit);
  }
  sr::result<std::vector<std::string>> to_ask(sr::unix_seconds now, std::size_t limit) override {
    return kept.to_ask(now, limit);
  }
  sr::result<std::vector<std::string>> in_review(std::string_view after,
                                                 std::size_t limit) override {
    return kept.in_review(after, limit);
  }
  sr::result<std::vector<sr::history_entry>> history(std::string_view number) override {
    return kept.history(number);
  }
  sr::result<sr::store_standing> standing(sr::unix_seconds now) override {
    return kept.standing(now);
  }
  sr::result<std::string> cursor(std::string_view name) override { return kept.cursor(name); }
  sr::result<bool> move_cursor(std::string_view name, std::string_view from,
                               std::string_view to) override {
    return kept.move_cursor(name, from, to);
  }

protected:
  sr::memory_store kept;
};

struct overwriting : spoilt_store {
  sr::result<bool> replace(const sr::order_record& order, const sr::history_entry& entry) override {
    sr::order_record next = order;
    if (const auto found = kept.find(order.out_trade_no).value()) next.version = found->version + 1;
    return kept.replace(next, entry);
  }
};
TEST(StoreConformance, TellsOfAStoreThatOverwrites) {
  EXPECT_THAT(failures_of<overwriting>("replaces_only_what_was_seen"), Not(IsEmpty()));
  EXPECT_THAT(failures_of<overwriting>("lets_one_of_many_replace"), Not(IsEmpty()));
}

// Compares in one step and changes in another, as SELECT and UPDATE do. Its four callers meet in
// between.
struct comparing_first : spoilt_store {
  sr::result<bool> replace(const sr::order_record& order, const sr::history_entry& entry) override {
    std::unique_lock<std::mutex> lock(mutex);
    if (kept.find(order.out_trade_no).value()->version + 1 != order.version) return false;
    const int round = met++ / 4;
    all_met.notify_all();
    all_met.wait(lock, [&] { return met / 4 > round; });
    kept.replace(order, entry).value();
    return true;
  }
  std::mutex mutex;
  std::condition_variable all_met;
  int met = 0;
};
TEST(StoreConformance, TellsOfAStoreThatComparesFirst) {
  EXPECT_THAT(failures_of<comparing_first>("lets_one_of_many_replace"), Not(IsEmpty()));
}

struct forgetting_history : spoilt_store {
  sr::result<std::vector<sr::history_entry>> history(std::string_view number) override {
    auto lines = kept.history(number).value();
    if (lines.size() > 1) lines.erase(lines.begin());
    return lines;
  }
};
TEST(StoreConformance, TellsOfAStoreThatForgetsHistory) {
  EXPECT_THAT(failures_of<forgetting_history>("keeps_history_in_order"), Not(IsEmpty()));
}

struct sorting_history : spoilt_store {
  sr::result<std::vector<sr::history_entry>> history(std::string_view number) override {
    auto lines = kept.history(number).value();
    std::stable_sort(lines.begin(), lines.end(),
                     [](const auto& left, const auto& right) { return left.at < right.at; });
    return lines;
  }
};
TEST(StoreConformance, TellsOfAStoreThatSortsHistoryByTime) {
  EXPECT_THAT(failures_of<sorting_history>("keeps_history_in_order"), Not(IsEmpty()));
}

struct ignoring_limits : spoilt_store {
  static constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
  sr::result<std::vector<std::string>> due(sr::unix_seconds now, std::size_t) override {
    return kept.due(now, all);
  }
  sr::result<std::vector<std::string>> to_ask(sr::unix_seconds now, std::size_t) override {
    return kept.to_ask(now, all);
  }
  sr::result<std::vector<std::string>> in_review(std::string_view after, std::size_t) override {
    return kept.in_review(after, all);
  }
};
TEST(StoreConformance, TellsOfAStoreThatIgnoresLimits) {
  EXPECT_THAT(failures_of<ignoring_limits>("tells_what_is_due"), Not(IsEmpty()));
  EXPECT_THAT(failures_of<ignoring_limits>("tells_what_to_ask"), Not(IsEmpty()));
  EXPECT_THAT(failures_of<ignoring_limits>("tells_what_is_in_review"), Not(IsEmpty()));
}

struct sorting_by_number : spoilt_store {
  sr::result<std::vector<std::string>> due(sr::unix_seconds now, std::size_t limit) override {
    auto numbers = kept.due(now, limit).value();
    std::sort(numbers.begin(), numbers.end());
    return numbers;
  }
};
TEST(StoreConformance, TellsOfAStoreThatSortsWrongly) {
  EXPECT_THAT(failures_of<sorting_by_number>("tells_what_is_due"), Not(IsEmpty()));
}

struct not_asking_the_host : spoilt_store {
  sr::result<bool> replace_with(const sr::order_record& order, const sr::history_entry& entry,
                                const sr::host_writes&) override {
    return kept.replace(order, entry);
  }
};
struct committing_all_the_same : spoilt_store {
  sr::result<bool> replace_with(const sr::order_record& order, const sr::history_entry& entry,
                                const sr::host_writes& writes) override {
    kept.replace(order, entry).value();
    return writes({});
  }
};
TEST(StoreConformance, TellsOfAStoreThatDoesNotAskTheHost) {
  EXPECT_THAT(failures_of<not_asking_the_host>("commits_with_the_host"), Not(IsEmpty()));
}
TEST(StoreConformance, TellsOfAStoreThatCommitsInSpiteOfTheHost) {
  EXPECT_THAT(failures_of<committing_all_the_same>("undoes_what_the_host_refuses"), Not(IsEmpty()));
}

struct ignoring_case : spoilt_store {
  sr::result<std::optional<sr::order_record>> find(std::string_view number) override {
    std::string capitals(number);
    std::transform(capitals.begin(), capitals.end(), capitals.begin(),
                   [](unsigned char each) { return static_cast<char>(std::toupper(each)); });
    auto found = kept.find(number).value();
    return found ? found : kept.find(capitals).value();
  }
};
TEST(StoreConformance, TellsOfAStoreThatTakesOneNumberForAnother) {
  EXPECT_THAT(failures_of<ignoring_case>("tells_order_numbers_apart"), Not(IsEmpty()));
}

struct dropping_a_field : spoilt_store {
  sr::result<std::optional<sr::order_record>> find(std::string_view number) override {
    auto found = kept.find(number).value();
    if (found) found->asks = 0;
    return found;
  }
};
TEST(StoreConformance, TellsOfAStoreThatDropsAField) {
  EXPECT_THAT(failures_of<dropping_a_field>("gives_back_every_field"), Not(IsEmpty()));
}

// As a database does that counts changed rows.
struct counting_changes : spoilt_store {
  sr::result<bool> move_cursor(std::string_view name, std::string_view from,
                               std::string_view to) override {
    return from != to && kept.move_cursor(name, from, to).value();
  }
};
TEST(StoreConformance, TellsOfAStoreWhoseCursorMustMove) {
  EXPECT_THAT(failures_of<counting_changes>("moves_cursors"), Not(IsEmpty()));
}

TEST(StoreConformance, TellsOfAStoreThatSharesNothing) {
  const store_under_test apart{memory.make_empty, memory.make_empty};
  EXPECT_THAT(rule_of("shows_changes_to_others_at_once").failures(apart), Not(IsEmpty()));
  EXPECT_THAT(rule_of("keeps_what_is_committed").failures(apart), Not(IsEmpty()));
}

struct unreachable : spoilt_store {
  sr::result<bool> add(const sr::order_record&, const sr::history_entry&) override {
    return sr::error{sr::error_code::store_unavailable, "nobody is there"};
  }
};
TEST(StoreConformance, TellsOfErrorsWithTheRuleAndTheCall) {
  const auto failures =
      sr::testkit::store_conformance_failures({[] { return std::make_unique<unreachable>(); }, {}});
  EXPECT_THAT(failures, testing::Contains("moves_cursors: add() failed: nobody is there").Times(0));
  EXPECT_THAT(failures, testing::Contains("counts_its_standing: add() failed: nobody is there"));
}

struct throwing : spoilt_store {
  sr::result<std::string> cursor(std::string_view) override { throw std::runtime_error("oh"); }
};
TEST(StoreConformance, TellsOfExceptions) {
  EXPECT_THAT(failures_of<throwing>("moves_cursors"), testing::ElementsAre("the store threw: oh"));
  EXPECT_THAT(failures_of<spoilt_store>("moves_cursors"), IsEmpty());
}

} // namespace
