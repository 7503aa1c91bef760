// One rule at one store: the store, the answers it gave, and what was wrong with them.
#pragma once

#include <stripe_return/core/time.hpp>
#include <stripe_return/testkit/store_conformance.hpp>

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

// The rule cannot be checked any further.
struct trial_over : std::exception {};

class store_trial {
public:
  explicit store_trial(const store_under_test& under_test)
      : under_test_(under_test), store_(under_test.make_empty()) {}

  fulfillment_store& store() { return *store_; }
  // As another process has it, or else the same.
  fulfillment_store& other();
  bool has_other() const { return under_test_.open_again != nullptr; }
  // Whoever opened it is gone, and another one has come.
  void reopen();

  void expect(bool holds, std::string broken) {
    if (!holds) failures_.push_back(std::move(broken));
  }
  template <class T> T value(result<T> answer, const char* call) {
    if (answer) return *std::move(answer);
    failures_.push_back(std::string(call) + " failed: " + answer.error().message);
    throw trial_over();
  }

  void add(const order_record& order);
  // With the next version.
  void replace(order_record& order);
  order_record find(const std::string& out_trade_no);
  std::vector<std::string> whats(const std::string& out_trade_no);

  // Runs it on as many threads at once, each with its own number from 0. What one of them throws is
  // a failure.
  void run_at_once(int threads, const std::function<void(int, fulfillment_store&)>& work);

  std::vector<std::string> take_failures() { return std::move(failures_); }

private:
  const store_under_test& under_test_;
  std::unique_ptr<fulfillment_store> store_;
  std::unique_ptr<fulfillment_store> other_;
  std::vector<std::string> failures_;
};

inline constexpr unix_seconds trial_noon = 1774267200;

order_record order_of_number(std::string out_trade_no);
// Paid, and to be fulfilled from `due_at` on.
order_record due_order(std::string out_trade_no, unix_seconds due_at);
history_entry line_of(std::string what);
std::string shown(const std::vector<std::string>& words);

} // namespace testkit
} // namespace v0
} // namespace stripe_return
