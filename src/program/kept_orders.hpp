// The orders of a store, for the commands that read and change them.
#pragma once

#include "program/commands.hpp"

#include <stripe_return/client/session_client.hpp>
#include <stripe_return/orders/order_service.hpp>
#include <stripe_return/orders/order_store.hpp>

#include <memory>
#include <string>

namespace program {

struct kept_orders {
  kept_orders(std::unique_ptr<sr::order_store> opened, sr::client_options options,
              sr::order_options naming);

  std::unique_ptr<sr::order_store> store;
  sr::session_client stripe;
  sr::order_service service;
};

// A store becomes one mode's by its first use. That is the application's to do and not ours, whose
// key may be another's. Errors: those of open_store() and of
// the store; wrong_store where nobody has used it yet.
sr::result<std::unique_ptr<kept_orders>> open_orders(const std::string& url,
                                                     const sr::order_naming& naming,
                                                     const connection_arguments& connection,
                                                     const environment& environment);

} // namespace program
