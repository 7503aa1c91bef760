#include "fulfillment/desk.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

// The order is changed meanwhile now and then; a host whose own SQL failed unseen is never done.
constexpr int most_transactions = 10;
constexpr unix_seconds one_day = 24 * 60 * 60;

fulfil_task task_of(const order_record& order) {
  fulfil_task task;
  task.out_trade_no = order.out_trade_no;
  task.key = "fulfil-" + order.out_trade_no;
  task.token = order.token;
  task.lease_ends = order.lease;
  task.session_id = order.paid_session;
  task.expected = order.expected.value_or(expected_order());
  task.tries = order.tries;
  return task;
}

// What speaks against the payment by now; that it may not be looked at is an objection as well.
std::optional<reason> objection_of(const observation& fetched) {
  if (!fetched.payment_intent_permitted) return reason::payment_intent_not_permitted;
  const auto& intent = fetched.session.payment_intent;
  if (!intent || !intent->latest_charge) return std::nullopt;
  if (intent->latest_charge->disputed) return reason::payment_disputed;
  if (intent->latest_charge->amount_refunded != 0) return reason::payment_refunded;
  return std::nullopt;
}

// What the host throws is not told on: it may hold anything.
template <class Function, class... Arguments>
fulfil_result call(const Function& fulfil, const Arguments&... arguments) noexcept {
  try {
    return fulfil(arguments...);
  } catch (...) {
    return fulfil_result::retry_later;
  }
}

} // namespace

run_report fulfillment::desk::run_due(run_budget budget) {
  run_report report;
  if ((report.failure = wrong_option())) return report;
  const auto end = clock_->now() + budget.time;
  std::size_t left = budget.orders;
  while (left != 0) {
    const result<std::vector<std::string>> numbers =
        store_.due(clock_->unix_time(), std::min(left, numbers_at_once));
    if (!numbers) {
      report.failure = numbers.error();
      return report;
    }
    if (numbers->empty()) return report;
    const int before = report.fulfilled + report.retried + report.given_up;
    for (const std::string& each : *numbers) {
      if (clock_->now() >= end) return report;
      give(each, report);
      --left;
    }
    // Others were faster with all of them, or the store fails.
    if (report.fulfilled + report.retried + report.given_up == before) return report;
  }
  return report;
}

run_report fulfillment::desk::run_order(std::string_view out_trade_no) {
  run_report report;
  if ((report.failure = wrong_option())) return report;
  give(std::string(out_trade_no), report);
  return report;
}

void fulfillment::desk::give(const std::string& out_trade_no, run_report& report) {
  const result<std::optional<changed_order>> claimed =
      book_.change(out_trade_no, [&](const order_record& order) {
        return claim(order, options_.worker, clock_->unix_time(), options_.lease);
      });
  if (!claimed) {
    report.failure = claimed.error();
    return;
  }
  if (!*claimed || !(*claimed)->changed) return; // somebody else has it
  const order_record& order = (*claimed)->record;
  if (!payment_stands(order, report)) return;
  if (const auto* in_transaction = std::get_if<fulfil_in_transaction>(&fulfil_)) {
    give_in_transaction(*in_transaction, order, report);
  } else {
    finish(order, call(std::get<fulfil_function>(fulfil_), task_of(order)), report);
  }
}

// Money that came long ago may have gone back since, and no word of a session's says so:
// https://docs.stripe.com/refunds
bool fulfillment::desk::payment_stands(const order_record& claimed, run_report& report) {
  const auto paid =
      std::find_if(claimed.sessions.begin(), claimed.sessions.end(),
                   [&](const session_record& each) { return each.id == claimed.paid_session; });
  const bool young = paid != claimed.sessions.end() && paid->created != 0 &&
                     clock_->unix_time() - paid->created <= one_day;
  const bool accepted_by_a_person = paid != claimed.sessions.end() && paid->reviewed;
  if (young || accepted_by_a_person) return true;
  const result<session_id> id = session_id::parse(claimed.paid_session);
  if (!id) return true; // a session that Stripe did not make is none of its payments
  const result<observation> fetched =
      ask(*id, claimed.expected ? claimed.expected->account : std::string(), true);
  if (!fetched) {
    report.failure = fetched.error();
    finish(claimed, fulfil_result::retry_later, report);
    return false;
  }
  const std::optional<reason> why = objection_of(*fetched);
  if (!why) return true;
  const auto held = book_.change(claimed.out_trade_no, [&](const order_record& order) {
    return hold(order, options_.worker, claimed.token, *why, clock_->unix_time());
  });
  if (!held) {
    report.failure = held.error();
  } else if (*held && (*held)->changed) {
    ++report.given_up;
  }
  return false;
}

// Only what is done is committed with the order: the host's writes are undone otherwise.
void fulfillment::desk::give_in_transaction(const fulfil_in_transaction& fulfil,
                                            const order_record& claimed, run_report& report) {
  const fulfil_task task = task_of(claimed);
  fulfil_result result = fulfil_result::done;
  for (int i = 0; i != most_transactions && result == fulfil_result::done; ++i) {
    const auto found = store_.find(task.out_trade_no);
    if (!found || !*found) {
      if (!found) report.failure = found.error();
      return;
    }
    const order_step done =
        stripe_return::finish(**found, options_.worker, task.token, result, clock_->unix_time());
    if (!done) return; // taken over by another worker
    const auto replaced =
        store_.replace_with(done->record, done->entry, [&](const open_transaction& transaction) {
          result = fulfil_result::retry_later; // where the host's function throws
          result = fulfil(task, transaction);
          return result == fulfil_result::done;
        });
    if (!replaced) {
      report.failure = replaced.error();
      return;
    }
    if (*replaced) {
      ++report.fulfilled;
      return;
    }
  }
  finish(claimed, result == fulfil_result::done ? fulfil_result::retry_later : result, report);
}

void fulfillment::desk::finish(const order_record& claimed, fulfil_result result,
                               run_report& report) {
  const auto finished = book_.change(claimed.out_trade_no, [&](const order_record& order) {
    return stripe_return::finish(order, options_.worker, claimed.token, result,
                                 clock_->unix_time());
  });
  if (!finished) {
    report.failure = finished.error();
    return;
  }
  if (!*finished || !(*finished)->changed) return; // taken over by another worker
  switch (result) {
  case fulfil_result::done: ++report.fulfilled; break;
  case fulfil_result::retry_later: ++report.retried; break;
  case fulfil_result::give_up: ++report.given_up; break;
  }
}

} // namespace v0
} // namespace stripe_return
