#include "order_list.hpp"

#include "random_id.hpp"

#include <ctime>

std::string order_list::make_number() {
  const std::time_t now = std::time(nullptr);
  std::tm day{};
  gmtime_r(&now, &day);
  char date[16];
  std::strftime(date, sizeof date, "%Y%m%d", &day);
  std::string number = std::string(date) + "-" + random_id(6);
  const std::lock_guard<std::mutex> lock(mutex_);
  numbers_.push_back(number);
  return number;
}

std::vector<std::string> order_list::newest_first() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return {numbers_.rbegin(), numbers_.rend()};
}
