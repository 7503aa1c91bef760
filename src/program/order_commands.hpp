// The commands on orders that are kept. Each gives the process's exit code.
#pragma once

#include "program/commands.hpp"

#include <stripe_return/orders/order_service.hpp>

#include <string>

namespace program {

// Of whichever of them is called.
struct order_arguments {
  std::string reference; // an order's number, or the id of a session, PaymentIntent or review item
  std::string store;
  sr::order_naming naming;
  connection_arguments connection;

  sr::order_query listed; // list

  std::string by; // who decides
  sr::review_verdict verdict = sr::review_verdict::reject;
  std::string note;
  std::string out_trade_no; // resolve: of the order that an unmatched payment is for
  std::string account;      // resolve: that an account_mismatch is accepted for
  sr::fulfilled_by how = sr::fulfilled_by::unknown;
  std::string paid_by; // the session, where `how` is one
};

int show_order(const order_arguments& arguments, const environment& environment);
int list_orders(const order_arguments& arguments, const environment& environment);
int resolve_item(const order_arguments& arguments, const environment& environment);
int cancel_order(const order_arguments& arguments, const environment& environment);
int close_order(const order_arguments& arguments, const environment& environment);
int mark_order_fulfilled(const order_arguments& arguments, const environment& environment);
int mark_money_refunded(const order_arguments& arguments, const environment& environment);
int refresh_order(const order_arguments& arguments, const environment& environment);

} // namespace program
