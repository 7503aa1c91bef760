// A store in front of another one that fails now and then: before a call is made, or after it.
#pragma once

#include <stripe_return/orders/order_store.hpp>

#include <functional>
#include <utility>

class unsteady_store final : public stripe_return::order_store {
public:
  enum class failure : unsigned char { none, before, after };

  // `next` says what becomes of each call.
  unsteady_store(stripe_return::order_store& store, std::function<failure()> next)
      : store_(store), next_(std::move(next)) {}

  stripe_return::result<stripe_return::put_result>
  put(const stripe_return::order_change& change,
      const stripe_return::transaction_writes& writes) override {
    return make([&] { return store_.put(change, writes); });
  }
  stripe_return::result<std::optional<stripe_return::order_row>>
  find(std::string_view key) override {
    return make([&] { return store_.find(key); });
  }
  stripe_return::result<std::optional<stripe_return::order_row>>
  find_by_id(std::string_view id) override {
    return make([&] { return store_.find_by_id(id); });
  }
  stripe_return::result<std::vector<stripe_return::order_row>>
  list(const stripe_return::row_query& query) override {
    return make([&] { return store_.list(query); });
  }
  stripe_return::result<stripe_return::list_stats>
  stats(stripe_return::order_list list, stripe_return::unix_seconds until) override {
    return make([&] { return store_.stats(list, until); });
  }
  stripe_return::result<std::vector<std::string>> history(std::string_view key) override {
    return make([&] { return store_.history(key); });
  }
  stripe_return::result<std::string> value(std::string_view name) override {
    return make([&] { return store_.value(name); });
  }
  stripe_return::result<bool> change_value(std::string_view name, std::string_view from,
                                           std::string_view to) override {
    return make([&] { return store_.change_value(name, from, to); });
  }

private:
  template <class Call> auto make(Call call) -> decltype(call()) {
    const failure now = next_();
    if (now == failure::before) return away();
    auto answer = call();
    if (now == failure::after) return away();
    return answer;
  }
  static stripe_return::error away() {
    return {stripe_return::error_code::store_unavailable, "The store of this test is away."};
  }

  stripe_return::order_store& store_;
  std::function<failure()> next_;
};
