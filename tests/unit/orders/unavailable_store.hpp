// A store that cannot be reached.
#pragma once

#include <stripe_return/orders/order_store.hpp>

class unavailable_store final : public stripe_return::order_store {
  static stripe_return::error away() {
    return {stripe_return::error_code::store_unavailable, "The store of this test is away."};
  }

public:
  stripe_return::result<stripe_return::put_result>
  put(const stripe_return::order_change&, const stripe_return::transaction_writes&) override {
    return away();
  }
  stripe_return::result<std::optional<stripe_return::order_row>> find(std::string_view) override {
    return away();
  }
  stripe_return::result<std::optional<stripe_return::order_row>>
  find_by_id(std::string_view) override {
    return away();
  }
  stripe_return::result<std::vector<stripe_return::order_row>>
  list(const stripe_return::row_query&) override {
    return away();
  }
  stripe_return::result<stripe_return::list_stats> stats(stripe_return::order_list,
                                                         stripe_return::unix_seconds) override {
    return away();
  }
  stripe_return::result<std::vector<std::string>> history(std::string_view) override {
    return away();
  }
  stripe_return::result<std::string> value(std::string_view) override { return away(); }
  stripe_return::result<bool> change_value(std::string_view, std::string_view,
                                           std::string_view) override {
    return away();
  }
};
