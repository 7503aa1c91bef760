#include "order_number.hpp"

#include "random_id.hpp"

#include <ctime>

std::string make_order_number() {
  const std::time_t now = std::time(nullptr);
  std::tm day{};
  gmtime_r(&now, &day);
  char date[16];
  std::strftime(date, sizeof date, "%Y%m%d", &day);
  return std::string(date) + "-" + random_id(6);
}
