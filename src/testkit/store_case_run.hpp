// One conformance case at one store: the store, what was put into it, and what it did wrong.
#pragma once

#include <stripe_return/core/time.hpp>
#include <stripe_return/testkit/order_store_conformance.hpp>

#include <exception>
#include <functional>
#include <limits>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

// The case cannot be checked any further.
struct case_over : std::exception {};

class case_run {
public:
  explicit case_run(const store_under_test& under_test)
      : under_test_(under_test), store_(under_test.make_empty()) {}

  order_store& store() { return *store_; }
  // As another process has it, or else the same.
  order_store& other();
  bool has_other() const { return under_test_.open_again != nullptr; }
  // Whoever opened it is gone, and another one has come.
  void reopen();

  void expect(bool kept, std::string broken) {
    if (!kept) failures_.push_back(std::move(broken));
  }
  void expect_same(const std::string& what, const std::string& given, const std::string& wanted);
  template <class T> T value(result<T> answer, const char* call) {
    if (answer) return *std::move(answer);
    failures_.push_back(std::string(call) + " failed: " + answer.error().message);
    throw case_over();
  }

  // Also remembers its key and ids for everything().
  void expect_put(put_result wanted, const order_change& change, const std::string& which,
                  const transaction_writes& writes = {});
  void put(const order_change& change) { expect_put(put_result::done, change, "a change"); }
  void expect_value(const char* name, std::string_view wanted);
  void expect_change(bool wanted, const char* name, std::string_view from, std::string_view to);

  // What can be seen of all that was put and changed by these members.
  std::string everything(order_store& store);
  std::string everything() { return everything(store()); }
  // That a change which is not made leaves all as it was.
  void expect_nothing_done(put_result wanted, const order_change& change, const std::string& which,
                           const transaction_writes& writes = {});

  // Runs it on as many threads at once, each with its own number from 0. What one of them throws is
  // a failure.
  void run_at_once(int threads, const std::function<void(int, order_store&)>& work);

  std::vector<std::string> take_failures() { return std::move(failures_); }

private:
  const store_under_test& under_test_;
  std::unique_ptr<order_store> store_;
  std::unique_ptr<order_store> other_;
  std::set<std::string> keys_, ids_, names_;
  std::vector<std::string> failures_;
};

// On the threads of a case.
template <class T> T value_or_throw(result<T> answer) {
  if (!answer) throw std::runtime_error(answer.error().message);
  return *std::move(answer);
}

inline constexpr unix_seconds case_noon = 1774267200;
inline constexpr unix_seconds earliest = std::numeric_limits<unix_seconds>::min();
inline constexpr unix_seconds latest = std::numeric_limits<unix_seconds>::max();
inline constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

// In no list but `all`, if in that.
order_change change_of(std::string key, std::uint64_t version = 1,
                       std::vector<std::string> new_ids = {});
order_change listed(std::string key, order_list list, unix_seconds time);
// Each another one, to a collation, a number's affinity, a normal form or a pattern as well: UTF-8
// without NUL.
std::vector<std::string> awkward_words();

std::string shown(std::string_view bytes);
std::string shown(const std::vector<std::string>& words);
std::string shown(const order_row& row);
std::string shown(const std::optional<order_row>& row);
std::vector<std::string> keys_of(const std::vector<order_row>& rows);

} // namespace testkit
} // namespace v0
} // namespace stripe_return
