/// @file
/// memory_store: orders in memory, for tests.
#pragma once

#include <stripe_return/core/result.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/orders/order_store.hpp>
#include <stripe_return/orders/transaction.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// Keeps orders in this object, for one process. The transaction for the application's writes has
/// no connection. If memory runs out, a member fails with store_unavailable and changes nothing.
class STRIPE_RETURN_EXPORT memory_store final : public order_store {
public:
  memory_store();
  ~memory_store() override;

  result<put_result> put(const order_change& change, const transaction_writes& writes) override;
  result<std::optional<order_row>> find(std::string_view key) override;
  result<std::optional<order_row>> find_by_id(std::string_view id) override;
  result<std::vector<order_row>> list(const row_query& query) override;
  result<list_stats> stats(order_list list, unix_seconds until) override;
  result<std::vector<std::string>> history(std::string_view key) override;
  result<std::string> value(std::string_view name) override;
  result<bool> change_value(std::string_view name, std::string_view from,
                            std::string_view to) override;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace v0
} // namespace stripe_return
