// Another way to a store, on which a test can meddle with the calls.
#pragma once

#include <stripe_return/orders/order_store.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

class forwarding_store final : public stripe_return::order_store {
public:
  template <class T> using result = stripe_return::result<T>;

  explicit forwarding_store(order_store& kept) : kept_(kept) {}

  // Around each call: before it and after it. An error is what the caller gets instead.
  using meddle = std::function<std::optional<stripe_return::error>()>;
  meddle before;
  meddle after;
  // Before each put().
  std::function<std::optional<stripe_return::put_result>(const stripe_return::order_change&)>
      before_put;

  result<stripe_return::put_result> put(const stripe_return::order_change& change,
                                        const stripe_return::transaction_writes& writes) override {
    return around([&]() -> result<stripe_return::put_result> {
      if (const auto instead = before_put ? before_put(change) : std::nullopt) return *instead;
      return kept_.put(change, writes);
    });
  }
  result<std::optional<stripe_return::order_row>> find(std::string_view key) override {
    return around([&] { return kept_.find(key); });
  }
  result<std::optional<stripe_return::order_row>> find_by_id(std::string_view id) override {
    return around([&] { return kept_.find_by_id(id); });
  }
  result<std::vector<stripe_return::order_row>>
  list(const stripe_return::row_query& query) override {
    return around([&] { return kept_.list(query); });
  }
  result<stripe_return::list_stats> stats(stripe_return::order_list list,
                                          stripe_return::unix_seconds until) override {
    return around([&] { return kept_.stats(list, until); });
  }
  result<std::vector<std::string>> history(std::string_view key) override {
    return around([&] { return kept_.history(key); });
  }
  result<std::string> value(std::string_view name) override {
    return around([&] { return kept_.value(name); });
  }
  result<bool> change_value(std::string_view name, std::string_view from,
                            std::string_view to) override {
    return around([&] { return kept_.change_value(name, from, to); });
  }

private:
  template <class Call> std::invoke_result_t<Call> around(const Call& call) {
    if (auto failure = before ? before() : std::nullopt) return *std::move(failure);
    auto answer = call();
    if (auto failure = after ? after() : std::nullopt) return *std::move(failure);
    return answer;
  }

  order_store& kept_;
};
