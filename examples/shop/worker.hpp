// What the shop does without being asked.
#pragma once

#include "shop.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

// Fulfils what is paid, and asks Stripe for what it told nobody, on a thread of its own.
class worker {
public:
  explicit worker(shop& shop);
  ~worker(); // when it has done what it is at

private:
  void run();

  shop& shop_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::thread thread_;
};
