// Where callbacks leave their answers for the test.
#pragma once

#include <stripe_return/client/async_session_client.hpp>

#include "unit/core/error_code_of.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

/// Thread-safe. What it keeps outlives it, for callbacks that come late.
class inbox {
public:
  /// A callback that leaves its answer under `name`.
  stripe_return::completion<stripe_return::observation> under(std::string name) {
    return [kept = kept_, name = std::move(name)](auto answer) {
      const std::lock_guard<std::mutex> lock(kept->mutex);
      EXPECT_FALSE(kept->closed) << name << " was answered inside a call";
      EXPECT_TRUE(kept->answers.emplace(name, std::move(answer)).second) << name << ": twice";
      kept->order.push_back(name);
      kept->threads.insert(std::this_thread::get_id());
    };
  }

  std::size_t count() const {
    const std::lock_guard<std::mutex> lock(kept_->mutex);
    return kept_->order.size();
  }
  bool has(const std::string& name) const {
    const std::lock_guard<std::mutex> lock(kept_->mutex);
    return kept_->answers.count(name) != 0;
  }
  /// "waits", "session" or the error's word.
  std::string outcome(const std::string& name) const {
    const std::lock_guard<std::mutex> lock(kept_->mutex);
    const auto at = kept_->answers.find(name);
    if (at == kept_->answers.end()) return "waits";
    return at->second ? "session" : std::string(to_string(at->second.error().code));
  }
  /// How many ended in that way.
  std::size_t count(const std::string& outcome_wanted) const {
    std::size_t found = 0;
    for (const std::string& name : order())
      if (outcome(name) == outcome_wanted) ++found;
    return found;
  }
  stripe_return::result<stripe_return::observation> answer(const std::string& name) const {
    const std::lock_guard<std::mutex> lock(kept_->mutex);
    return kept_->answers.at(name);
  }
  std::vector<std::string> order() const {
    const std::lock_guard<std::mutex> lock(kept_->mutex);
    return kept_->order;
  }
  std::set<std::thread::id> threads() const {
    const std::lock_guard<std::mutex> lock(kept_->mutex);
    return kept_->threads;
  }

  /// While `work` runs on this thread, no callback may come on it.
  template <class Work> auto expecting_none(const Work& work) {
    set_closed(true);
    auto done = work();
    set_closed(false);
    return done;
  }

private:
  struct contents {
    mutable std::mutex mutex;
    bool closed = false;
    std::map<std::string, stripe_return::result<stripe_return::observation>> answers;
    std::vector<std::string> order;
    std::set<std::thread::id> threads;
  };

  void set_closed(bool closed) {
    const std::lock_guard<std::mutex> lock(kept_->mutex);
    kept_->closed = closed;
  }

  const std::shared_ptr<contents> kept_ = std::make_shared<contents>();
};
