// The desk behind class fulfillment. Each of its sources holds one of the groups of that class.
#pragma once

#include "fulfillment/order_book.hpp"

#include <stripe_return/core/time.hpp>
#include <stripe_return/fulfillment/fulfillment.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <variant>

namespace stripe_return {
inline namespace v0 {

inline error order_not_found() {
  return {error_code::order_not_found, "No order of this number is kept."};
}

inline error not_an_order_number() {
  return {error_code::invalid_option,
          "An order number has 1 to 500 bytes of UTF-8, none of them a control character."};
}

// Orders that are looked up in the store by one call.
inline constexpr std::size_t numbers_at_once = 100;

class fulfillment::desk {
public:
  using host_function = std::variant<fulfil_function, fulfil_in_transaction>;

  desk(const session_client& stripe, fulfillment_store& store, host_function fulfil,
       fulfillment_options options, std::shared_ptr<time_source> clock);

  result<opened_checkout> open_checkout(const expected_order& order,
                                        checkout_parameters parameters);
  result<customer_view> expect(const expected_order& order);

  // A return in three parts, of which only the second talks to Stripe.
  struct expected_return {
    session_id id;
    std::string order_ref;               // the browser's; empty: it is not known
    std::string account;                 // to ask for the session
    std::optional<return_answer> answer; // where Stripe need not be asked
    bool known = false;                  // an order that is kept has this session
  };
  result<expected_return> begin_return(std::string_view query, std::string_view order_ref);
  result<observation> ask(const session_id& id, const std::string& account,
                          bool latest_charge = false);
  return_answer end_return(const expected_return& returned, const observation& fetched);

  webhook_answer on_webhook(std::string_view raw_body, std::string_view signature_header);
  result<std::optional<customer_view>> view(std::string_view out_trade_no);
  result<customer_view> ask_stripe(std::string_view out_trade_no, std::string_view who);
  std::optional<std::string> order_of_token(std::string_view order_token) const;

  run_report run_due(run_budget budget);
  run_report run_order(std::string_view out_trade_no);

  sweep_report sweep(sweep_budget budget);
  sweep_report adopt_since(unix_seconds created, sweep_budget budget);

  result<closing> close_order(std::string_view out_trade_no);
  result<bool> resolve(std::string_view out_trade_no, review_verdict verdict, std::string_view who,
                       std::string_view note);
  result<bool> import_fulfilled(std::string_view out_trade_no, std::string_view session_id);
  result<fulfillment_standing> standing();

  // Counts what Stripe refuses: a wrong secret key is seen by whoever watches.
  void note_refusal(const error& failure) noexcept;

private:
  class sweeper;

  void record(const observation& observed, unix_seconds at, webhook_answer& answer);
  std::optional<error> wrong_option() const;
  result<changed_order> expect_as(const expected_order& order);
  // Asks about each session that Stripe may have another word of.
  result<order_record> look_at_open_sessions(order_record order, const char* who);
  result<opened_checkout> resume(const order_record& order, const std::string& id);
  struct begun_checkout {
    std::optional<opened_checkout> opened;
    order_record order; // where none was: as somebody else has left it
  };
  result<begun_checkout> begin_checkout(const expected_order& expected,
                                        checkout_parameters parameters, last_attempt last);
  std::optional<error> add_order_token(checkout_parameters& parameters,
                                       const std::string& out_trade_no) const;

  // Whether nothing speaks against fulfilling the claimed order; else it is put back.
  bool payment_stands(const order_record& claimed, run_report& report);
  void give(const std::string& out_trade_no, run_report& report);
  void give_in_transaction(const fulfil_in_transaction& fulfil, const order_record& claimed,
                           run_report& report);
  void finish(const order_record& claimed, fulfil_result result, run_report& report);

  // Waits for the next request of a sweep. False: it would begin after `end`.
  bool take_turn(std::chrono::steady_clock::time_point end);

  const session_client& stripe_;
  fulfillment_store& store_;
  const host_function fulfil_;
  const fulfillment_options options_;
  const std::shared_ptr<time_source> clock_;
  order_book book_;
  std::atomic<unix_seconds> last_webhook_{0};
  std::atomic<int> refused_{0};

  std::mutex pace_;                                      // of the sweeps
  std::chrono::steady_clock::time_point next_request_{}; // not before then
};

} // namespace v0
} // namespace stripe_return
