// A store whose host dies at its n-th call, before it is done or right after.
#pragma once

#include "same_store.hpp"

#include <type_traits>

// Nothing but the test catches it, as nothing survives the death of a process.
struct host_died {};

enum class death : unsigned char { before, after };

class crashing_store final : public same_store {
public:
  using same_store::same_store;

  void die_at(int call, death when) {
    left_ = call;
    when_ = when;
  }
  int calls() const { return calls_; }

  result<bool> add(const order_record& order, const history_entry& entry) override {
    return dying([&] { return same_store::add(order, entry); });
  }
  result<std::optional<order_record>> find(std::string_view number) override {
    return dying([&] { return same_store::find(number); });
  }
  result<std::optional<std::string>> order_of(std::string_view session_id) override {
    return dying([&] { return same_store::order_of(session_id); });
  }
  result<bool> replace(const order_record& order, const history_entry& entry) override {
    return dying([&] { return same_store::replace(order, entry); });
  }
  result<bool> replace_with(const order_record& order, const history_entry& entry,
                            const stripe_return::host_writes& writes) override {
    return dying([&] { return same_store::replace_with(order, entry, writes); });
  }
  result<numbers> due(unix_seconds now, std::size_t limit) override {
    return dying([&] { return same_store::due(now, limit); });
  }
  result<numbers> to_ask(unix_seconds now, std::size_t limit) override {
    return dying([&] { return same_store::to_ask(now, limit); });
  }
  result<std::string> cursor(std::string_view name) override {
    return dying([&] { return same_store::cursor(name); });
  }
  result<bool> move_cursor(std::string_view name, std::string_view from,
                           std::string_view to) override {
    return dying([&] { return same_store::move_cursor(name, from, to); });
  }

private:
  template <class Call> std::invoke_result_t<Call> dying(Call call) {
    ++calls_;
    const bool now = --left_ == 0;
    if (now && when_ == death::before) throw host_died();
    std::invoke_result_t<Call> answer = call();
    if (now) throw host_died();
    return answer;
  }

  int left_ = 0; // 0 and less: it lives
  death when_ = death::before;
  int calls_ = 0;
};
