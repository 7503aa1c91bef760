#include "program/kept_orders.hpp"

#include "program/connection.hpp"
#include "program/store_url.hpp"

#include <utility>

namespace program {
namespace {

sr::order_options named(const sr::order_naming& naming) {
  sr::order_options options;
  options.naming = naming;
  return options;
}

} // namespace

kept_orders::kept_orders(std::unique_ptr<sr::order_store> opened, sr::client_options options,
                         sr::order_options naming)
    : store(std::move(opened)), stripe(std::move(options)),
      service(stripe, *store, std::move(naming)) {}

sr::result<std::unique_ptr<kept_orders>> open_orders(const std::string& url,
                                                     const sr::order_naming& naming,
                                                     const connection_arguments& connection,
                                                     const environment& environment) {
  if (const auto usable = check(naming); !usable) return usable.error();
  sr::result<std::unique_ptr<sr::order_store>> store = open_store(url);
  if (!store) return std::move(store).error();
  auto orders = std::make_unique<kept_orders>(*std::move(store),
                                              options_for(connection, environment), named(naming));
  const sr::result<sr::order_stats> stats = orders->service.stats();
  if (!stats) return stats.error();
  if (!stats->livemode) {
    return sr::error{sr::error_code::wrong_store, "This store has no orders yet: check the URL."};
  }
  return orders;
}

} // namespace program
