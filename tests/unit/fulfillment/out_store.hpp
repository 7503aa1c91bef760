// A store that cannot be reached.
#pragma once

#include <stripe_return/fulfillment/fulfillment_store.hpp>

#include <optional>
#include <string>
#include <vector>

class out_store final : public stripe_return::fulfillment_store {
public:
  template <class T> using result = stripe_return::result<T>;
  using order_record = stripe_return::order_record;
  using history_entry = stripe_return::history_entry;
  using unix_seconds = stripe_return::unix_seconds;
  using numbers = std::vector<std::string>;

  result<bool> add(const order_record&, const history_entry&) override { return out(); }
  result<std::optional<order_record>> find(std::string_view) override { return out(); }
  result<std::optional<std::string>> order_of(std::string_view) override { return out(); }
  result<bool> replace(const order_record&, const history_entry&) override { return out(); }
  result<bool> replace_with(const order_record&, const history_entry&,
                            const stripe_return::host_writes&) override {
    return out();
  }
  result<numbers> due(unix_seconds, std::size_t) override { return out(); }
  result<numbers> to_ask(unix_seconds, std::size_t) override { return out(); }
  result<numbers> in_review(std::string_view, std::size_t) override { return out(); }
  result<std::vector<history_entry>> history(std::string_view) override { return out(); }
  result<stripe_return::store_standing> standing(unix_seconds) override { return out(); }
  result<std::string> cursor(std::string_view) override { return out(); }
  result<bool> move_cursor(std::string_view, std::string_view, std::string_view) override {
    return out();
  }

private:
  static stripe_return::error out() {
    return {stripe_return::error_code::store_unavailable, "The store is out."};
  }
};
