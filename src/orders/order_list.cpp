#include "orders/service_state.hpp"
#include "orders/transaction_guard.hpp"

#include "client/form.hpp"
#include "core/query_parameter.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

std::string token_of(const list_position& position) {
  return std::to_string(position.time) + '.' + percent_encoded(position.key);
}

std::optional<list_position> position_of(std::string_view token) {
  list_position position;
  const std::size_t dot = std::min(token.find('.'), token.size());
  const auto read = std::from_chars(token.data(), token.data() + dot, position.time);
  if (dot == token.size() || read.ec != std::errc() || read.ptr != token.data() + dot)
    return std::nullopt;
  position.key = percent_decoded(token.substr(dot + 1));
  return position;
}

// The list that is the shortest of those that hold all that is asked for.
order_list list_for(const order_query& query) {
  if (query.to_give_back) return order_list::to_give_back;
  if (query.in_review) return order_list::review;
  const bool waits =
      query.waiting_before || (query.waiting_for && *query.waiting_for != waits_for::nothing);
  return waits ? order_list::waiting : order_list::all;
}

bool is_asked_for(const order_row& row, const order_query& query) {
  const auto in = [&](order_list list) { return row.index.time(list).has_value(); };
  if (query.in_review && !in(order_list::review)) return false;
  if (query.to_give_back && !in(order_list::to_give_back)) return false;
  const std::optional<unix_seconds> since = row.index.time(order_list::waiting);
  return !query.waiting_before || (since && *since < *query.waiting_before);
}

} // namespace

result<order_page> order_service::list(const order_query& query) const {
  row_query rows;
  rows.list = list_for(query);
  if (query.stage) rows.stage = to_string(*query.stage);
  if (query.waiting_for) rows.waits_for = to_string(*query.waiting_for);
  constexpr unix_seconds first = std::numeric_limits<unix_seconds>::min();
  if (query.waiting_before && rows.list == order_list::waiting)
    rows.until = std::max(*query.waiting_before, first + 1) - 1;
  rows.limit = std::clamp<std::size_t>(query.limit, 1, 1000);
  if (!query.page_token.empty()) {
    rows.after = position_of(query.page_token);
    if (!rows.after)
      return error{error_code::invalid_option,
                   "The page_token does not come from list(): start without one."};
  }
  if (auto refused = orders::refuse_inside_transaction()) return *std::move(refused);
  order_page page;
  std::size_t found = 0;
  while (true) {
    const result<std::vector<order_row>> read = impl_->repository.store().list(rows);
    if (!read) return read.error();
    for (const order_row& each : *read) {
      rows.after = list_position{each.index.time(rows.list).value_or(0), each.key};
      if (!is_asked_for(each, query)) continue;
      result<order_record> order = parse_order_row(each);
      if (!order)
        page.unreadable.push_back(each.key);
      else if (order->stage == order_stage::unmatched)
        page.unmatched.push_back(*std::move(order));
      else
        page.orders.push_back(*std::move(order));
      if (++found == rows.limit) break;
    }
    if (read->size() < rows.limit && found < rows.limit) return page;
    if (found == rows.limit) break;
  }
  page.next_page_token = token_of(*rows.after);
  return page;
}

} // namespace v0
} // namespace stripe_return
