#include "child_process.hpp"
#include "order_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>

namespace {

namespace sr = stripe_return;

TEST(SqliteProcesses, OpenANewFileAtOnce) {
  for (int round = 0; round != 25; ++round) {
    const order_file file;
    std::deque<child_process> children;
    for (int i = 0; i != 4; ++i) {
      children.emplace_back([&, i](const child_process::pipes& parent) {
        const auto store = file.open();
        parent.wait();
        if (!put(*store, a_change(std::to_string(i)))) throw std::runtime_error("not made");
      });
    }
    for (child_process& each : children)
      each.go_on();
    for (child_process& each : children)
      EXPECT_TRUE(each.succeeded());
    for (int i = 0; i != 4; ++i)
      EXPECT_EQ(version_of(*file.open(), std::to_string(i)), 1u);
  }
}

// Each of the rows goes through as many versions, and each version takes an id that all want.
void change_the_same_rows(const order_file& file, std::uint64_t last) {
  const std::vector<std::string> keys{"A1", "A2", "A3", "A4"};
  std::deque<child_process> children;
  for (int i = 0; i != 3; ++i) {
    children.emplace_back([&, i](const child_process::pipes& parent) {
      const auto store = file.open();
      parent.wait();
      for (bool more = true; more;) {
        more = false;
        for (const std::string& key : keys) {
          const auto row = store->find(key).value();
          const std::uint64_t version = row ? row->version + 1 : 1;
          if (version > last) continue;
          more = true;
          sr::order_change change = a_change(key, version, {key + " " + std::to_string(version)});
          change.history = change.new_ids.front() + " by " + std::to_string(i);
          if (put(*store, change)) parent.say(change.history);
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
  for (const std::string& key : keys) {
    EXPECT_EQ(version_of(*store, key), last);
    std::uint64_t version = 0;
    const std::vector<std::string> lines = store->history(key).value();
    for (const std::string& line : lines) {
      const std::string id = key + " " + std::to_string(++version);
      EXPECT_THAT(line, testing::StartsWith(id + " by "));
      EXPECT_TRUE(store->find_by_id(id).value());
      kept.push_back(line);
    }
  }
  EXPECT_THAT(said, testing::UnorderedElementsAreArray(kept)); // one winner of each version
}

TEST(SqliteProcesses, ChangeTheSameRowsAndLoseNothing) {
  change_the_same_rows(order_file(), 40);
}

TEST(SqliteProcesses, ChangeTheSameRowsWithoutALogAndLoseNothing) {
  const order_file file;
  other_program(file).run("CREATE TABLE mine (x TEXT)");
  change_the_same_rows(file, 20);
}

// Kept are all changes that were answered, and at most the one that was under way.
void kill_and_lose_nothing(const order_file& file, int rounds) {
  std::mt19937 random(20260323);
  std::map<std::string, std::uint64_t> answered;
  for (int round = 0; round != rounds; ++round) {
    const std::vector<std::string> keys{"A1", "A2", "A3", "new " + std::to_string(round)};
    child_process writer([&](const child_process::pipes& parent) {
      const auto store = file.open();
      for (;;) {
        for (const std::string& key : keys) {
          const std::uint64_t version = version_of(*store, key) + 1;
          const std::string id = key + " " + std::to_string(version);
          if (!put(*store, a_change(key, version, {id})))
            throw std::runtime_error("somebody else is there");
          parent.say(key);
        }
      }
    });
    const auto enough = std::uniform_int_distribution<int>(1, 30)(random);
    for (int i = 0; i != enough; ++i) {
      const auto line = writer.line();
      ASSERT_TRUE(line);
      ++answered[*line];
    }
    writer.kill_now();
    for (const std::string& line : writer.lines())
      ++answered[line];

    const auto store = file.open();
    for (const char* key : {"A1", "A2", "A3"})
      answered.try_emplace(key, 0);
    for (auto& [key, version] : answered) {
      const std::uint64_t found = version_of(*store, key);
      EXPECT_TRUE(found == version || found == version + 1) << key;
      version = found;
      const auto owner = store->find_by_id(key + " " + std::to_string(version)).value();
      EXPECT_EQ(owner.has_value(), version != 0);
      EXPECT_FALSE(store->find_by_id(key + " " + std::to_string(version + 1)).value());
    }
  }
  EXPECT_THAT(other_program(file).run("PRAGMA integrity_check"), testing::ElementsAre("ok"));
}

TEST(SqliteProcesses, AreKilledAndLoseNothing) {
  kill_and_lose_nothing(order_file(), 40);
}

TEST(SqliteProcesses, AreKilledWithoutALogAndLoseNothing) {
  const order_file file;
  other_program(file).run("CREATE TABLE mine (x TEXT)");
  kill_and_lose_nothing(file, 15);
}

} // namespace
