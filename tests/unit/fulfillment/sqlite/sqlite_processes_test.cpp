#include "order_file.hpp"
#include "unit/sqlite/child_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>

namespace {

namespace sr = stripe_return;

// In a child: what is an error there ends it.
template <class T> T value(sr::result<T> answer) {
  if (!answer) throw std::runtime_error(answer.error().message);
  return *std::move(answer);
}

TEST(SqliteProcesses, OpenANewFileAtOnce) {
  for (int round = 0; round != 25; ++round) {
    const order_file file;
    std::deque<child_process> children;
    for (int i = 0; i != 4; ++i) {
      children.emplace_back([&, i](const child_process::pipes& parent) {
        const auto store = file.open();
        parent.wait();
        value(store->add(an_order(std::to_string(i)), a_line("added")));
      });
    }
    for (child_process& each : children)
      each.go_on();
    for (child_process& each : children)
      EXPECT_TRUE(each.succeeded());
    for (int i = 0; i != 4; ++i)
      EXPECT_TRUE(file.open()->find(std::to_string(i)).value());
  }
}

TEST(SqliteProcesses, ChangeTheSameOrdersAndLoseNothing) {
  constexpr std::uint64_t last = 40;
  const std::vector<std::string> numbers{"A1", "A2", "A3", "A4"};
  const order_file file;
  {
    const auto store = file.open();
    for (const std::string& each : numbers)
      ASSERT_TRUE(store->add(an_order(each), a_line("added")));
  }
  std::deque<child_process> children;
  for (int i = 0; i != 3; ++i) {
    children.emplace_back([&, i](const child_process::pipes& parent) {
      const auto store = file.open();
      parent.wait();
      for (bool more = true; more;) {
        more = false;
        for (const std::string& each : numbers) {
          sr::order_record order = *value(store->find(each));
          if (order.version == last) continue;
          more = true;
          ++order.version;
          const std::string change = each + " " + std::to_string(order.version);
          if (value(store->replace(order, a_line(change + " by " + std::to_string(i)))))
            parent.say(change + " by " + std::to_string(i));
        }
      }
    });
  }
  for (child_process& each : children)
    each.go_on();
  std::vector<std::string> said;
  for (child_process& each : children) {
    for (const std::string& line : each.lines())
      said.push_back(line);
    EXPECT_TRUE(each.succeeded());
  }
  std::vector<std::string> kept;
  const auto store = file.open();
  for (const std::string& each : numbers) {
    EXPECT_EQ(store->find(each).value()->version, last);
    const std::vector<sr::history_entry> lines = store->history(each).value();
    ASSERT_EQ(lines.size(), last + 1);
    for (std::uint64_t version = 1; version <= last; ++version) {
      EXPECT_THAT(lines[version].what,
                  testing::StartsWith(each + " " + std::to_string(version) + " by "));
      kept.push_back(lines[version].what);
    }
  }
  EXPECT_THAT(said, testing::UnorderedElementsAreArray(kept)); // one winner of each version
}

// Kept are all changes that were answered, and at most the one that was under way.
TEST(SqliteProcesses, AreKilledAndLoseNothing) {
  const order_file file;
  std::mt19937 random(20260323);
  std::map<std::string, std::uint64_t> answered;
  for (int round = 0; round != 50; ++round) {
    child_process writer([&](const child_process::pipes& parent) {
      const auto store = file.open();
      const std::string added = "new " + std::to_string(round);
      value(store->add(an_order(added), a_line("0")));
      parent.say(added);
      for (;;) {
        for (const char* each : {"A1", "A2", "A3"}) {
          const auto found = value(store->find(each));
          sr::order_record order = found ? *found : an_order(each);
          if (found) ++order.version;
          order.sessions = {{"cs_test_" + std::to_string(order.version)}};
          const sr::history_entry line = a_line(std::to_string(order.version));
          const bool done = value(found ? store->replace(order, line) : store->add(order, line));
          if (!done) throw std::runtime_error("somebody else is there");
          parent.say(each);
        }
      }
    });
    const auto note = [&](const std::string& number) {
      const auto at = answered.try_emplace(number, 0);
      if (!at.second) ++at.first->second;
    };
    const auto enough = std::uniform_int_distribution<int>(1, 30)(random);
    for (int i = 0; i != enough; ++i) {
      const auto line = writer.line();
      ASSERT_TRUE(line);
      note(*line);
    }
    writer.kill_now();
    for (const std::string& line : writer.lines())
      note(line);

    const auto store = file.open();
    for (auto& [number, version] : answered) {
      const auto found = store->find(number).value();
      ASSERT_TRUE(found) << number;
      EXPECT_TRUE(found->version == version || found->version == version + 1) << number;
      version = found->version;
      const auto lines = store->history(number).value();
      ASSERT_EQ(lines.size(), version + 1);
      EXPECT_EQ(lines.back().what, std::to_string(version));
    }
    for (const char* each : {"A1", "A2", "A3"})
      if (store->find(each).value()) answered.try_emplace(each, 0);
  }
  EXPECT_THAT(other_program(file).run("PRAGMA integrity_check"), testing::ElementsAre("ok"));
}

} // namespace
