// What the shop does without being asked.
#pragma once

#include "shop.hpp"

#include <stripe_return/core/error.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

// Calls a function time and again, on a thread of its own, as long as it lives. The function tells
// what went wrong: that is logged once, until something else does.
class background {
public:
  using work = std::function<std::optional<stripe_return::error>()>;

  background(const char* name, std::chrono::seconds pause, work what);
  ~background(); // when it has done what it is at
  background(const background&) = delete;
  background& operator=(const background&) = delete;

private:
  void run();

  const char* const name_;
  const std::chrono::seconds pause_;
  const work work_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::thread thread_;
};

// Does for each order what is due: sends the tea, or puts it back on the shelf.
background::work fulfilling(shop& shop);
// Finds out what no return and no webhook has told.
background::work reconciling(shop& shop);
