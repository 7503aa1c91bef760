#include <stripe_return/fulfillment/memory_store.hpp>

#include <algorithm>
#include <exception>
#include <iterator>
#include <limits>

namespace stripe_return {
inline namespace v0 {
namespace {

using by_time = std::set<std::pair<unix_seconds, std::string>>;

// The first of those after `now`.
by_time::const_iterator after(const by_time& all, unix_seconds now) {
  if (now == std::numeric_limits<unix_seconds>::max()) return all.end();
  return all.lower_bound({now + 1, {}});
}

std::vector<std::string> until(const by_time& all, unix_seconds now, std::size_t limit) {
  std::vector<std::string> numbers;
  const auto end = after(all, now);
  for (auto at = all.begin(); at != end && numbers.size() != limit; ++at)
    numbers.push_back(at->second);
  return numbers;
}

bool written(const host_writes& writes) noexcept {
  try {
    return writes(open_transaction{});
  } catch (...) {
    return false;
  }
}

} // namespace

fulfillment_store::~fulfillment_store() = default;

void memory_store::index(const order_record& order) {
  const order_index keys = index_of(order);
  const std::string& number = order.out_trade_no;
  if (keys.claimable_at) claimable_.emplace(*keys.claimable_at, number);
  if (keys.ask_at) to_ask_.emplace(*keys.ask_at, number);
  if (keys.due_since) due_.emplace(*keys.due_since, number);
  if (keys.leased_until) leased_.emplace(*keys.leased_until, number);
  if (keys.in_review) in_review_.insert(number);
  for (const session_record& each : order.sessions)
    order_of_session_.try_emplace(each.id, number);
}

void memory_store::unindex(const order_record& order) {
  const order_index keys = index_of(order);
  const std::string& number = order.out_trade_no;
  if (keys.claimable_at) claimable_.erase({*keys.claimable_at, number});
  if (keys.ask_at) to_ask_.erase({*keys.ask_at, number});
  if (keys.due_since) due_.erase({*keys.due_since, number});
  if (keys.leased_until) leased_.erase({*keys.leased_until, number});
  if (keys.in_review) in_review_.erase(number);
}

result<bool> memory_store::add(const order_record& order, const history_entry& entry) {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (!orders_.try_emplace(order.out_trade_no, kept{order, {entry}}).second) return false;
  index(order);
  return true;
}

result<std::optional<order_record>> memory_store::find(std::string_view out_trade_no) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto at = orders_.find(out_trade_no);
  if (at == orders_.end()) return std::optional<order_record>();
  return std::optional<order_record>(at->second.order);
}

result<std::optional<std::string>> memory_store::order_of(std::string_view session_id) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto at = order_of_session_.find(session_id);
  if (at == order_of_session_.end()) return std::optional<std::string>();
  return std::optional<std::string>(at->second);
}

result<bool> memory_store::replace(const order_record& order, const history_entry& entry) {
  return replace_with(order, entry, [](const open_transaction&) { return true; });
}

result<bool> memory_store::replace_with(const order_record& order, const history_entry& entry,
                                        const host_writes& writes) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto at = orders_.find(order.out_trade_no);
  if (at == orders_.end() || at->second.order.version + 1 != order.version) return false;
  if (!written(writes)) return false;
  unindex(at->second.order);
  at->second.order = order;
  at->second.history.push_back(entry);
  index(order);
  return true;
}

result<std::vector<std::string>> memory_store::due(unix_seconds now, std::size_t limit) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return until(claimable_, now, limit);
}

result<std::vector<std::string>> memory_store::to_ask(unix_seconds now, std::size_t limit) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return until(to_ask_, now, limit);
}

result<std::vector<std::string>> memory_store::in_review(std::string_view after,
                                                         std::size_t limit) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> numbers;
  for (auto at = in_review_.upper_bound(after); at != in_review_.end() && numbers.size() != limit;
       ++at)
    numbers.push_back(*at);
  return numbers;
}

result<std::vector<history_entry>> memory_store::history(std::string_view out_trade_no) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto at = orders_.find(out_trade_no);
  return at == orders_.end() ? std::vector<history_entry>() : at->second.history;
}

result<store_standing> memory_store::standing(unix_seconds now) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto count_until = [now](const by_time& all) {
    return static_cast<std::size_t>(std::distance(all.begin(), after(all, now)));
  };
  store_standing standing;
  standing.due = due_.size();
  if (!due_.empty()) standing.oldest_due_since = due_.begin()->first;
  standing.leases_run_out = count_until(leased_);
  standing.in_review = in_review_.size();
  standing.to_ask = count_until(to_ask_);
  return standing;
}

result<std::string> memory_store::cursor(std::string_view name) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto at = cursors_.find(name);
  return at == cursors_.end() ? std::string() : at->second;
}

result<bool> memory_store::move_cursor(std::string_view name, std::string_view from,
                                       std::string_view to) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::string& at = cursors_[std::string(name)];
  if (at != from) return false;
  at = to;
  return true;
}

} // namespace v0
} // namespace stripe_return
