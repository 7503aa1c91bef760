#include "testkit/store_trial.hpp"

#include <future>
#include <mutex>
#include <thread>

namespace stripe_return {
inline namespace v0 {
namespace testkit {

fulfillment_store& store_trial::other() {
  if (!has_other()) return *store_;
  if (!other_) other_ = under_test_.open_again();
  return *other_;
}

void store_trial::reopen() {
  other_.reset();
  store_.reset();
  store_ = under_test_.open_again();
}

void store_trial::add(const order_record& order) {
  expect(value(store().add(order, line_of("added")), "add()"),
         "add() of an order that was not there said false");
}

void store_trial::replace(order_record& order) {
  ++order.version;
  expect(value(store().replace(order, line_of("replaced")), "replace()"),
         "replace() of the version that is kept said false");
}

order_record store_trial::find(const std::string& out_trade_no) {
  auto found = value(store().find(out_trade_no), "find()");
  if (found) return *std::move(found);
  expect(false, "find() did not find an order that is kept");
  throw trial_over();
}

std::vector<std::string> store_trial::whats(const std::string& out_trade_no) {
  std::vector<std::string> words;
  for (const history_entry& each : value(store().history(out_trade_no), "history()"))
    words.push_back(each.what);
  return words;
}

void store_trial::run_at_once(int threads,
                              const std::function<void(int, fulfillment_store&)>& work) {
  fulfillment_store& second = other();
  std::promise<void> begin;
  const std::shared_future<void> begun = begin.get_future().share();
  std::mutex mutex;
  std::vector<std::thread> running;
  for (int number = 0; number != threads; ++number) {
    running.emplace_back([&, number] {
      begun.wait();
      try {
        work(number, number % 2 == 0 ? store() : second);
      } catch (const std::exception& thrown) {
        const std::lock_guard<std::mutex> lock(mutex);
        failures_.push_back(std::string("with several threads at once: ") + thrown.what());
      }
    });
  }
  begin.set_value();
  for (std::thread& each : running)
    each.join();
}

order_record order_of_number(std::string out_trade_no) {
  order_record order;
  order.out_trade_no = std::move(out_trade_no);
  return order;
}

order_record due_order(std::string out_trade_no, unix_seconds due_at) {
  order_record order = order_of_number(std::move(out_trade_no));
  order.stage = order_stage::due;
  order.due_at = due_at;
  order.due_since = due_at;
  return order;
}

history_entry line_of(std::string what) {
  history_entry entry;
  entry.at = trial_noon;
  entry.who = "trial";
  entry.what = std::move(what);
  return entry;
}

std::string shown(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& each : words)
    text += (text.empty() ? "'" : ", '") + each + "'";
  return text.empty() ? "nothing" : text;
}

} // namespace testkit
} // namespace v0
} // namespace stripe_return
