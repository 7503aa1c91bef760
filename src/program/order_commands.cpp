#include "program/order_commands.hpp"

#include "program/connection.hpp"
#include "program/json_output.hpp"
#include "program/kept_orders.hpp"
#include "program/order_json.hpp"

#include <stripe_return/orders/payment_listener.hpp>

#include <string_view>
#include <utility>

namespace program {
namespace {

using json = nlohmann::ordered_json;

// What a command prints, or why it cannot.
using json_result = sr::result<json>;

template <class Command>
int on_orders(const order_arguments& arguments, const environment& environment, Command command) {
  const auto orders =
      open_orders(arguments.store, arguments.naming, arguments.connection, environment);
  if (!orders) return print_error(orders.error());
  const json_result done = command((*orders)->service);
  if (!done) return print_error(in_words_of_the_program(done.error()));
  return print_json(*done);
}

sr::error no_such_order() {
  return {sr::error_code::order_not_found,
          "There is no order with this number, session or PaymentIntent: check it, and the store."};
}

// An order, or a payment without one.
sr::result<sr::order_record> find(const sr::order_service& orders, const std::string& reference) {
  sr::result<std::optional<sr::order_record>> found = orders.find(reference);
  if (!found) return std::move(found).error();
  if (!*found) return no_such_order();
  return **std::move(found);
}

sr::result<std::string> number_of(const sr::order_service& orders, const std::string& reference) {
  sr::result<sr::order_record> found = find(orders, reference);
  if (!found) return std::move(found).error();
  if (found->stage == sr::order_stage::unmatched) {
    return sr::error{sr::error_code::order_not_found,
                     "This payment belongs to no order: resolve its review item first."};
  }
  return std::move(found->out_trade_no);
}

json_result whole_order(const sr::order_service& orders, const std::string& reference,
                        const sr::order_naming& naming) {
  const sr::result<sr::order_record> order = find(orders, reference);
  if (!order) return order.error();
  const bool is_order = order->stage != sr::order_stage::unmatched;
  const auto history =
      orders.history(is_order ? order->out_trade_no : order->sessions.front().facts.id);
  if (!history) return history.error();
  json written = order_json(*order, orders, naming);
  written["history"] = history_json(*history);
  return written;
}

// The decision is made, so its word is told, even if the order cannot be read after it.
json with_order(std::string_view word, const sr::order_service& orders,
                const std::string& reference, const sr::order_naming& naming) {
  json_result order = whole_order(orders, reference, naming);
  return {{"result", word}, {"order", order ? *std::move(order) : json(nullptr)}};
}

// `decide` gets the number of the order that is referred to.
template <class Decide>
int decide_on(const order_arguments& arguments, const environment& environment, Decide decide) {
  return on_orders(arguments, environment, [&](sr::order_service& orders) -> json_result {
    const sr::result<std::string> number = number_of(orders, arguments.reference);
    if (!number) return number.error();
    const auto word = decide(orders, *number);
    if (!word) return word.error();
    return with_order(to_string(*word), orders, *number, arguments.naming);
  });
}

} // namespace

int show_order(const order_arguments& arguments, const environment& environment) {
  return on_orders(arguments, environment, [&](const sr::order_service& orders) {
    return whole_order(orders, arguments.reference, arguments.naming);
  });
}

int list_orders(const order_arguments& arguments, const environment& environment) {
  return on_orders(arguments, environment, [&](const sr::order_service& orders) -> json_result {
    const sr::result<sr::order_page> page = orders.list(arguments.listed);
    if (!page) return page.error();
    const sr::result<sr::order_stats> stats = orders.stats();
    if (!stats) return stats.error();
    json shown = json::array();
    json unmatched = json::array();
    json to_give_back = json::array();
    const auto add = [](json& all, json more) { all.insert(all.end(), more.begin(), more.end()); };
    for (const sr::order_record& each : page->orders) {
      shown.push_back(order_json(each, orders, arguments.naming));
      add(to_give_back, to_give_back_json(each));
    }
    for (const sr::order_record& each : page->unmatched) {
      add(unmatched, unmatched_items_json(each, arguments.naming));
      add(to_give_back, to_give_back_json(each));
    }
    json object = {{"orders", std::move(shown)},
                   {"unmatched_items", std::move(unmatched)},
                   {"unreadable", page->unreadable}};
    if (arguments.listed.to_give_back) object["to_give_back"] = std::move(to_give_back);
    object["next_page_token"] =
        page->next_page_token.empty() ? json(nullptr) : json(page->next_page_token);
    object["stats"] = stats_json(*stats);
    return object;
  });
}

int resolve_item(const order_arguments& arguments, const environment& environment) {
  return on_orders(arguments, environment, [&](sr::order_service& orders) -> json_result {
    const std::string& item = arguments.reference;
    const auto word = orders.resolve(item, arguments.verdict, arguments.by, arguments.note,
                                     arguments.out_trade_no, arguments.account);
    if (!word) return word.error();
    return with_order(to_string(*word), orders, item.substr(0, item.rfind(':')), arguments.naming);
  });
}

int cancel_order(const order_arguments& arguments, const environment& environment) {
  return decide_on(arguments, environment,
                   [&](sr::order_service& orders, const std::string& number) {
                     return orders.cancel(number, arguments.by);
                   });
}

int close_order(const order_arguments& arguments, const environment& environment) {
  return decide_on(arguments, environment,
                   [&](sr::order_service& orders, const std::string& number) {
                     const auto closed = orders.close(number, arguments.by);
                     return closed ? sr::result<sr::close_result>(closed->result) : closed.error();
                   });
}

int mark_order_fulfilled(const order_arguments& arguments, const environment& environment) {
  return decide_on(
      arguments, environment, [&](sr::order_service& orders, const std::string& number) {
        return orders.mark_fulfilled(number, arguments.how, arguments.by, arguments.paid_by);
      });
}

int mark_money_refunded(const order_arguments& arguments, const environment& environment) {
  return on_orders(arguments, environment, [&](sr::order_service& orders) -> json_result {
    const sr::result<bool> done = orders.mark_refunded(arguments.reference, arguments.by);
    if (!done) return done.error();
    return with_order(*done ? "done" : "nothing_to_decide", orders, arguments.reference,
                      arguments.naming);
  });
}

int refresh_order(const order_arguments& arguments, const environment& environment) {
  return on_orders(arguments, environment, [&](sr::order_service& orders) -> json_result {
    const sr::result<std::string> number = number_of(orders, arguments.reference);
    if (!number) return number.error();
    const auto read = sr::payment_listener(orders).refresh(*number, "stripe-return");
    if (!read) return read.error();
    return with_order("done", orders, *number, arguments.naming);
  });
}

} // namespace program
