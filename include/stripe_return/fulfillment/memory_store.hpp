/// @file
/// Orders in memory, for tests.
#pragma once

#include <stripe_return/fulfillment/fulfillment_store.hpp>

#include <map>
#include <mutex>

namespace stripe_return {
inline namespace v0 {

/// Keeps orders as long as it lives, and in one process alone.
class STRIPE_RETURN_EXPORT memory_store final : public fulfillment_store {
public:
  result<bool> add(const order_record& order, const history_entry& entry) override;
  result<std::optional<order_record>> find(std::string_view out_trade_no) override;
  result<bool> replace(const order_record& order, const history_entry& entry) override;
  result<std::vector<std::string>> due(unix_seconds now, std::size_t limit) override;
  result<std::vector<std::string>> in_review(std::string_view after, std::size_t limit) override;
  result<std::vector<history_entry>> history(std::string_view out_trade_no) override;

private:
  struct kept {
    order_record order;
    std::vector<history_entry> history;
  };
  std::mutex mutex_;
  std::map<std::string, kept, std::less<>> orders_;
};

} // namespace v0
} // namespace stripe_return
