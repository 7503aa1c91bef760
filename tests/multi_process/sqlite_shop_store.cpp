#include "multi_process/shop_store.hpp"

#include <stripe_return/sqlite/sqlite_store.hpp>

#include <chrono>

std::unique_ptr<stripe_return::order_store> open_shop_store(const std::string& place) {
  stripe_return::sqlite_options options;
  options.busy_timeout = std::chrono::minutes(1);
  return std::make_unique<stripe_return::sqlite_store>(place, options);
}
