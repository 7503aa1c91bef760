// One call of a reconciler: what it may still spend, and what it has come to.
#pragma once

#include "orders/list_cursor.hpp"
#include "orders/service_state.hpp"

#include <stripe_return/orders/reconciler.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace stripe_return {
inline namespace v0 {

class reconciler::pass {
public:
  pass(order_service::impl& state, reconcile_budget budget);

  void run();
  void backfill_since(unix_seconds created);

  reconcile_report report;

private:
  // The phase gets its share of what is left for so many phases.
  void begin_phase(const char* name, int phases);
  bool may_ask() const;
  bool is_overspent() const;
  void failed(const error& failure, std::string subject = {});
  // The failure is named. False: it ends the phase.
  bool pass_over(const error& failure, std::string subject = {});

  // Lists. Each true: nothing is left to read now.
  bool read_events();
  bool read_sessions();
  template <class Page, class Fetch, class Take>
  bool read_list(const std::string& name, unix_seconds first, bool look_back, Fetch fetch,
                 Take take);
  std::string cursor_name(const char* list) const;
  result<session_page> sessions_page(unix_seconds since, const std::string& after) const;

  // Items. Each false: it ends the phase.
  bool take(const event& listed);
  bool take(const checkout_session& listed);
  // What Stripe lists cannot be read: the session is fetched for itself.
  bool take_unreadable(const std::string& session, const std::string& account,
                       const std::string& event_id);
  bool take_payment(const event& listed);
  bool record(const observation& seen, const std::string& event_id);

  // Polls, in reconcile_polls.cpp.
  bool poll_orders();
  bool poll_rows(std::optional<list_position> after, unix_seconds until);
  bool poll(order_record order);
  // Ends what nobody is to pay, and reads the order again. Gives what went wrong.
  std::optional<error> read_again(order_record& order, const std::string& keep = {});
  bool end_sessions(const order_record& order); // true: some have been tried
  void give_up_missing(order_record& order);
  bool reads_older(const std::string& account, unix_seconds created);

  order_service::impl& state_;
  const int requests_;
  const std::chrono::steady_clock::time_point end_;
  std::string phase_;
  int phase_requests_ = 0;
  std::chrono::steady_clock::time_point phase_end_;

  std::set<std::string> tried_to_end_, ended_;
  int unanswered_ = 0; // polls in a row
  struct read_session {
    int tries = 0;
    std::optional<unix_seconds> created; // of a session that the key reads
  };
  std::map<std::string, read_session> oldest_read_; // by account
};

} // namespace v0
} // namespace stripe_return
