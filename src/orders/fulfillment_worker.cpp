#include "orders/worker_state.hpp"

#include "orders/order_text.hpp"
#include "orders/time_arithmetic.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

constexpr std::chrono::hours longest_run{24 * 366};

bool has_news(const order_record& order) {
  return order.news_version > order.notified_version;
}

} // namespace

result<void> check(const worker_options& options) {
  if (options.name.empty() || !is_utf8(options.name))
    return orders::invalid("The option name must be UTF-8, and not empty.");
  if (options.lease < std::chrono::seconds(1) || options.lease > orders::longest_lease)
    return orders::invalid("The option lease must be from 1 s to 1 day.");
  if (options.max_tries < 1) return orders::invalid("The option max_tries must be 1 or more.");
  return {};
}

fulfillment_worker::fulfillment_worker(order_service orders, task_handlers handlers,
                                       worker_options options)
    : impl_(std::make_shared<impl>(std::move(orders), std::move(handlers), std::move(options))) {}

run_report fulfillment_worker::run(run_budget budget) {
  return impl_->run(budget);
}

run_report fulfillment_worker::run_order(std::string_view out_trade_no) {
  return impl_->run_order(out_trade_no);
}

fulfillment_worker::impl::impl(order_service orders, task_handlers handlers, worker_options options)
    : service_(std::move(orders.impl_)), repository_(service_->repository),
      handlers_(std::move(handlers)),
      options_(std::move(options)), terms_{options_.name, options_.lease, options_.max_tries} {}

void fulfillment_worker::impl::progress::fail(error failure) {
  if (report.failures.size() < most_reported) report.failures.push_back(std::move(failure));
}

result<void> fulfillment_worker::impl::ready() const {
  if (const auto usable = check(options_); !usable) return usable.error();
  if (handlers_.fulfill.empty()) return orders::invalid("The handler fulfill must be set.");
  return service_->ready();
}

bool fulfillment_worker::impl::is_over(const progress& run) const {
  return run.orders_left == 0 || service_->time.now() >= run.end;
}

run_report fulfillment_worker::impl::run(run_budget budget) const {
  progress run;
  run.end = service_->time.now() + std::clamp<std::chrono::milliseconds>(
                                       budget.time, std::chrono::milliseconds(0), longest_run);
  run.orders_left = budget.orders;
  if (const auto usable = ready(); !usable) {
    run.fail(usable.error());
    return std::move(run.report);
  }
  bool complete = run_tasks(run);
  if (complete && handlers_.changed) {
    row_query changed;
    changed.list = order_list::changed;
    complete = each_row(changed, run, [&](const std::string& key) { tell(key, run); });
  }
  run.report.done = complete && !run.left_over;
  run.report.unreadable = static_cast<int>(run.unreadable.size());
  return std::move(run.report);
}

run_report fulfillment_worker::impl::run_order(std::string_view out_trade_no) const {
  progress run;
  run.end = service_->time.now() + longest_run;
  run.orders_left = (std::numeric_limits<std::size_t>::max)();
  if (const auto usable = ready(); !usable) {
    run.fail(usable.error());
    return std::move(run.report);
  }
  const std::string key = order_key(out_trade_no);
  const result<std::optional<order_record>> found = repository_.find(key);
  if (!found || !*found) {
    run.fail(found ? orders::order_not_found() : found.error());
    return std::move(run.report);
  }
  hand_over(key, run);
  if (handlers_.changed) tell(key, run);
  run.report.done = !run.left_over;
  return std::move(run.report);
}

// Until a look at the whole list finds nothing to do: while it is read, an order may become due
// whose place in it was passed already.
bool fulfillment_worker::impl::run_tasks(progress& run) const {
  const auto visit = [&](const std::string& key) { hand_over(key, run); };
  int before = 0;
  do {
    before = run.claims;
    const unix_seconds now = service_->time.unix_time();
    row_query tasks;
    tasks.list = order_list::task;
    tasks.until = now;
    // Others may be many, and stay.
    if (handlers_.release.empty()) tasks.stage = to_string(order_stage::due);
    if (!each_row(tasks, run, visit)) return false;
    // Times that a wrong clock wrote, and that claim() takes for void.
    tasks.until = (std::numeric_limits<unix_seconds>::max)();
    tasks.after = list_position{orders::later(now, orders::longest_lease + std::chrono::seconds(1)),
                                std::string()};
    if (!each_row(tasks, run, visit)) return false;
  } while (run.claims != before);
  return true;
}

bool fulfillment_worker::impl::each_row(
    row_query query, progress& run,
    const std::function<void(const std::string& key)>& visit) const {
  while (true) {
    const result<std::vector<order_row>> rows = repository_.store().list(query);
    if (!rows) {
      run.fail(rows.error());
      return false;
    }
    for (const order_row& each : *rows) {
      query.after = list_position{each.index.time(query.list).value_or(0), each.key};
      if (!parse_order_row(each)) {
        run.unreadable.insert(each.key);
        continue;
      }
      if (is_over(run)) return false;
      visit(each.key);
    }
    if (rows->size() < query.limit) return true;
  }
}

// Of each version that there is news in until it has been told of the newest.
void fulfillment_worker::impl::tell(const std::string& key, progress& run) const {
  while (!is_over(run)) {
    const result<std::optional<order_record>> found = repository_.find(key);
    if (!found) {
      run.fail(found.error());
      break;
    }
    if (!*found || !has_news(**found)) return;
    const std::uint64_t version = (*found)->version;
    --run.orders_left;
    try {
      handlers_.changed(**found);
    } catch (...) {
      ++run.report.retried;
      return;
    }
    ++run.report.notified;
    const auto told = repository_.change(key, [&](const order_record& order) {
      return order.notified_version >= version
                 ? std::nullopt
                 : std::optional<orders::step>(orders::notify(order, version, now()));
    });
    if (!told) {
      run.fail(told.error());
      break;
    }
    if (!*told || !has_news((*told)->order)) return;
  }
  run.left_over = true;
}

} // namespace v0
} // namespace stripe_return
