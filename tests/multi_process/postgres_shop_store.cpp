#include "multi_process/shop_store.hpp"

#include <stripe_return/postgres/postgres_store.hpp>

std::unique_ptr<stripe_return::order_store> open_shop_store(const std::string& place) {
  stripe_return::postgres_options options;
  options.conninfo = place;
  return std::make_unique<stripe_return::postgres_store>(options);
}
