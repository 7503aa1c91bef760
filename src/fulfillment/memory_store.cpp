#include <stripe_return/fulfillment/memory_store.hpp>

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {

fulfillment_store::~fulfillment_store() = default;

result<bool> memory_store::add(const order_record& order, const history_entry& entry) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return orders_.try_emplace(order.out_trade_no, kept{order, {entry}}).second;
}

result<std::optional<order_record>> memory_store::find(std::string_view out_trade_no) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto at = orders_.find(out_trade_no);
  if (at == orders_.end()) return std::optional<order_record>();
  return std::optional<order_record>(at->second.order);
}

result<bool> memory_store::replace(const order_record& order, const history_entry& entry) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto at = orders_.find(order.out_trade_no);
  if (at == orders_.end() || at->second.order.version + 1 != order.version) return false;
  at->second.order = order;
  at->second.history.push_back(entry);
  return true;
}

result<std::vector<std::string>> memory_store::due(unix_seconds now, std::size_t limit) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::pair<unix_seconds, std::string>> found;
  for (const auto& [number, each] : orders_) {
    const order_record& order = each.order;
    if (order.stage == order_stage::due && !order.held && order.lease <= now &&
        order.due_at <= now) {
      found.emplace_back(std::max(order.lease, order.due_at), number);
    }
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> numbers;
  for (auto& [since, number] : found) {
    if (numbers.size() == limit) break;
    numbers.push_back(std::move(number));
  }
  return numbers;
}

result<std::vector<std::string>> memory_store::in_review(std::string_view after,
                                                         std::size_t limit) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<std::string> numbers;
  for (auto at = orders_.upper_bound(after); at != orders_.end() && numbers.size() != limit; ++at) {
    if (!at->second.order.review.empty()) numbers.push_back(at->first);
  }
  return numbers;
}

result<std::vector<history_entry>> memory_store::history(std::string_view out_trade_no) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto at = orders_.find(out_trade_no);
  return at == orders_.end() ? std::vector<history_entry>() : at->second.history;
}

} // namespace v0
} // namespace stripe_return
