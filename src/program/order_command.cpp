#include "program/commands.hpp"
#include "program/connection.hpp"
#include "program/json_output.hpp"
#include "program/order_json.hpp"
#include "program/store_url.hpp"

#include <stripe_return/fulfillment/fulfillment.hpp>

#include <iostream>

namespace program {
namespace {

sr::result<nlohmann::ordered_json>
whole_order(sr::fulfillment_store& store, const std::string& out_trade_no, sr::unix_seconds now) {
  const auto order = store.find(out_trade_no);
  if (!order) return order.error();
  if (!*order) {
    return sr::error{sr::error_code::order_not_found,
                     "No order of this number is kept: look at the number and at the store."};
  }
  const auto history = store.history(out_trade_no);
  if (!history) return history.error();
  nlohmann::ordered_json written = order_json(**order, now);
  written["history"] = history_json(*history);
  return written;
}

} // namespace

int order(const order_arguments& arguments, const environment& environment) {
  const auto store = open_store(arguments.store);
  if (!store) return print_error(store.error());
  if (arguments.ask) {
    const sr::session_client stripe(options_for(arguments.connection, environment));
    sr::fulfillment_options options;
    options.query.naming.order_key = arguments.order_key;
    sr::fulfillment desk(stripe, **store, sr::fulfil_function(), options);
    const auto asked = desk.ask_stripe(arguments.out_trade_no, "stripe-return");
    if (!asked) return print_error(in_words_of_the_program(asked.error()));
  }
  const auto written = whole_order(**store, arguments.out_trade_no, sr::system_time().unix_time());
  if (!written) return print_error(written.error());
  return print_json(*written);
}

int list(const list_arguments& arguments) {
  constexpr std::size_t most = 1000;
  const auto store = open_store(arguments.store);
  if (!store) return print_error(store.error());
  const sr::unix_seconds now = sr::system_time().unix_time();
  const auto numbers = arguments.review ? (*store)->in_review({}, most) : (*store)->due(now, most);
  if (!numbers) return print_error(numbers.error());
  const auto standing = (*store)->standing(now);
  if (!standing) return print_error(standing.error());

  nlohmann::ordered_json orders = nlohmann::ordered_json::array();
  for (const std::string& each : *numbers) {
    const auto kept = (*store)->find(each);
    if (!kept) return print_error(kept.error());
    if (*kept) orders.push_back(order_json(**kept, now));
  }
  return print_json(
      {{"orders", std::move(orders)},
       {"more", numbers->size() == most},
       {"standing",
        {{"due", standing->due},
         {"oldest_due_since", standing->oldest_due_since
                                  ? nlohmann::ordered_json(*standing->oldest_due_since)
                                  : nlohmann::ordered_json(nullptr)},
         {"leases_run_out", standing->leases_run_out},
         {"in_review", standing->in_review},
         {"to_ask", standing->to_ask}}}});
}

} // namespace program
