/// @file
/// Orders in memory, for tests.
#pragma once

#include <stripe_return/core/result.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/fulfillment/fulfillment_store.hpp>
#include <stripe_return/fulfillment/order_record.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// Keeps orders as long as it lives, and in one process alone.
class STRIPE_RETURN_EXPORT memory_store final : public fulfillment_store {
public:
  result<bool> add(const order_record& order, const history_entry& entry) override;
  result<std::optional<order_record>> find(std::string_view out_trade_no) override;
  result<std::optional<std::string>> order_of(std::string_view session_id) override;
  result<bool> replace(const order_record& order, const history_entry& entry) override;
  /// The writes must not call the store.
  result<bool> replace_with(const order_record& order, const history_entry& entry,
                            const host_writes& writes) override;
  result<std::vector<std::string>> due(unix_seconds now, std::size_t limit) override;
  result<std::vector<std::string>> to_ask(unix_seconds now, std::size_t limit) override;
  result<std::vector<std::string>> in_review(std::string_view after, std::size_t limit) override;
  result<std::vector<history_entry>> history(std::string_view out_trade_no) override;
  result<store_standing> standing(unix_seconds now) override;
  result<std::string> cursor(std::string_view name) override;
  result<bool> move_cursor(std::string_view name, std::string_view from,
                           std::string_view to) override;

private:
  struct kept {
    order_record order;
    std::vector<history_entry> history;
  };
  using by_time = std::set<std::pair<unix_seconds, std::string>>;

  void index(const order_record& order);
  void unindex(const order_record& order);

  std::mutex mutex_;
  std::map<std::string, kept, std::less<>> orders_;
  std::map<std::string, std::string, std::less<>> order_of_session_;
  std::map<std::string, std::string, std::less<>> cursors_;
  by_time claimable_;
  by_time to_ask_;
  by_time due_;
  by_time leased_;
  std::set<std::string, std::less<>> in_review_;
};

} // namespace v0
} // namespace stripe_return
