// Another connection to a store in memory.
#pragma once

#include <stripe_return/fulfillment/fulfillment_store.hpp>

#include <optional>
#include <string>
#include <vector>

class same_store : public stripe_return::fulfillment_store {
public:
  template <class T> using result = stripe_return::result<T>;
  using order_record = stripe_return::order_record;
  using history_entry = stripe_return::history_entry;
  using unix_seconds = stripe_return::unix_seconds;
  using numbers = std::vector<std::string>;

  explicit same_store(fulfillment_store& kept) : kept_(kept) {}

  result<bool> add(const order_record& order, const history_entry& entry) override {
    return kept_.add(order, entry);
  }
  result<std::optional<order_record>> find(std::string_view number) override {
    return kept_.find(number);
  }
  result<std::optional<std::string>> order_of(std::string_view session_id) override {
    return kept_.order_of(session_id);
  }
  result<bool> replace(const order_record& order, const history_entry& entry) override {
    return kept_.replace(order, entry);
  }
  result<bool> replace_with(const order_record& order, const history_entry& entry,
                            const stripe_return::host_writes& writes) override {
    return kept_.replace_with(order, entry, writes);
  }
  result<numbers> due(unix_seconds now, std::size_t limit) override {
    return kept_.due(now, limit);
  }
  result<numbers> to_ask(unix_seconds now, std::size_t limit) override {
    return kept_.to_ask(now, limit);
  }
  result<numbers> in_review(std::string_view after, std::size_t limit) override {
    return kept_.in_review(after, limit);
  }
  result<std::vector<history_entry>> history(std::string_view number) override {
    return kept_.history(number);
  }
  result<stripe_return::store_standing> standing(unix_seconds now) override {
    return kept_.standing(now);
  }
  result<std::string> cursor(std::string_view name) override { return kept_.cursor(name); }
  result<bool> move_cursor(std::string_view name, std::string_view from,
                           std::string_view to) override {
    return kept_.move_cursor(name, from, to);
  }

private:
  fulfillment_store& kept_;
};
