// One order in a worker's hands.
#include "orders/worker_state.hpp"

#include "orders/settle.hpp"
#include "orders/time_arithmetic.hpp"
#include "orders/transaction_guard.hpp"

#include <stripe_return/core/session_id.hpp>

#include <algorithm>
#include <cstdlib>
#include <utility>

#if __has_include(<cxxabi.h>)
#include <cxxabi.h>
#include <typeinfo>
#endif

namespace stripe_return {
inline namespace v0 {
namespace {

// The order is changed meanwhile now and then; one that is changed at once each time is tried
// later.
constexpr int most_transactions = 10;
constexpr std::chrono::minutes after_outage{1};
constexpr std::uint64_t just_now = 60; // seconds

error order_is_anothers() {
  return {error_code::lease_lost, "The lease is lost, to another worker or to a person's decision: "
                                  "use a longer lease, or extend it."};
}

error payment_intents_not_permitted() {
  return {error_code::permission_denied,
          "The secret key may not read PaymentIntents, so refunds before the hand-over cannot be "
          "seen: grant PaymentIntents: Read, or set look_before_hand_over to false."};
}

// Whether its refunds and disputes were seen a moment ago.
bool is_charge_fresh(const order_record& order, unix_seconds now) {
  const order_session* paid = orders::find_session(order, order.paid_session);
  if (paid == nullptr || !paid->facts.checkout) return false;
  const auto& intents = paid->facts.payment_intents;
  return std::any_of(intents.begin(), intents.end(), [&](const payment_intent_facts& each) {
    return each.id == paid->facts.checkout->payment_intent && each.latest_charge &&
           orders::between(each.latest_charge->at.time, now) <= just_now;
  });
}

// Of the exception that is being handled. Its text may hold anything.
std::string exception_type() {
#if __has_include(<cxxabi.h>)
  constexpr std::size_t longest = 200;
  if (const std::type_info* type = abi::__cxa_current_exception_type()) {
    int status = 0;
    const std::unique_ptr<char, decltype(&std::free)> name(
        abi::__cxa_demangle(type->name(), nullptr, nullptr, &status), &std::free);
    return std::string(name ? name.get() : type->name()).substr(0, longest);
  }
#endif
  return "exception";
}

const char* idempotency_prefix(task_kind kind) {
  return kind == task_kind::release ? "release-" : "fulfill-";
}

void complete_task(fulfill_task& task, const order_record& order) {
  task.session_id = order.paid_session;
  task.released_before = order.released_at != 0;
  if (const order_session* paid = orders::find_session(order, order.paid_session))
    task.expected = orders::expectation_for(order, *paid);
}

void complete_task(release_task&, const order_record&) {}

} // namespace

void fulfillment_worker::impl::hand_over(const std::string& key, progress& run) const {
  const auto changed = repository_.change(key, [&](const order_record& order) {
    const bool without_handler =
        orders::task_of(order) == task_kind::release && handlers_.release.empty();
    return without_handler ? std::nullopt : orders::claim(order, terms_, now());
  });
  if (!changed) {
    run.fail(changed.error());
    run.left_over = true;
    return;
  }
  if (!*changed || !(*changed)->changed) return; // there is nothing to do, or somebody else has it
  ++run.claims;
  --run.orders_left;
  const order_record& order = (*changed)->order;
  if (!order.claim) {
    ++run.report.given_up;
    return;
  }
  const claimed_order claimed{key, order.fencing_token, order.claim->kind};
  if (claimed.kind == task_kind::release)
    perform(handlers_.release, order, claimed, run);
  else if (payment_stands(claimed, order, run))
    perform(handlers_.fulfill, order, claimed, run);
}

// Money that came long ago may have gone back since, and no event of a session's says so:
// https://docs.stripe.com/refunds
bool fulfillment_worker::impl::payment_stands(const claimed_order& claimed,
                                              const order_record& order, progress& run) const {
  const result<session_id> id = session_id::parse(order.paid_session);
  // A session that Stripe did not make is none of its payments.
  if (!options_.look_before_hand_over || !id || is_charge_fresh(order, now().now)) return true;
  retrieve_options how;
  how.account = order_service::impl::account_of(order, id->str());
  how.latest_charge = true;
  const result<observation> fetched = service_->fetch(*id, how);
  const bool not_found = !fetched && fetched.error().code == error_code::session_not_found;
  if (!fetched && !not_found) {
    look_failed(claimed, fetched.error(), run);
    return false;
  }
  const orders::source by{options_.name, {}};
  const auto seen = repository_.change(claimed.key, [&](const order_record& kept) {
    return not_found
               ? observe_not_found(kept, id->str(),
                                   {service_->time.unix_time(), clock_source::local}, by, now())
               : observe(kept, *fetched, by, now());
  });
  if (!seen) {
    look_failed(claimed, seen.error(), run);
    return false;
  }
  if (!*seen || !orders::is_claimed((*seen)->order, now().now) ||
      (*seen)->order.fencing_token != claimed.fencing_token) {
    run.fail(order_is_anothers());
    return false;
  }
  if (orders::is_blocked((*seen)->order)) {
    give_up_claim(claimed, std::chrono::seconds(0), {}, run);
    ++run.report.given_up;
    return false;
  }
  if (not_found) {
    look_failed(claimed, fetched.error(), run);
    return false;
  }
  if ((*seen)->put == put_result::id_taken) { // its PaymentIntent is another order's
    finish(claimed, {task_result::retry_later, std::string(to_string((*seen)->put))}, run);
    return false;
  }
  if (!fetched->payment_intent_permitted && fetched->session.payment_intent) {
    look_failed(claimed, payment_intents_not_permitted(), run);
    return false;
  }
  return true;
}

// What was said of this very session is a try, since nobody but a person may mend that. Whatever
// keeps all orders is none.
void fulfillment_worker::impl::look_failed(const claimed_order& claimed, const error& why,
                                           progress& run) const {
  run.fail(why);
  const std::string note(to_string(why.code));
  if (why.http_status == 200 || why.http_status == 404)
    finish(claimed, {task_result::retry_later, note}, run);
  else
    give_up_claim(claimed, after_outage, note, run);
}

template <class Task>
Task fulfillment_worker::impl::task_for(const order_record& order,
                                        const claimed_order& claimed) const {
  Task task;
  task.out_trade_no = order.out_trade_no;
  task.idempotency_key = idempotency_prefix(claimed.kind) + order.out_trade_no;
  task.fencing_token = claimed.fencing_token;
  task.lease_expires_at = order.claim->lease_expires_at;
  task.retry_count = order.retry_count;
  if (!order.expectations.empty()) task.expected = order.expectations.back();
  complete_task(task, order);
  task.extend = [service = service_, claimed](std::chrono::seconds lease) -> result<unix_seconds> {
    if (lease < std::chrono::seconds(1) || lease > orders::longest_lease)
      return orders::invalid("A lease must be from 1 s to 1 day.");
    const auto extended = service->repository.change(claimed.key, [&](const order_record& kept) {
      return orders::extend(kept, claimed.fencing_token, lease, service->now());
    });
    if (!extended) return extended.error();
    if (!*extended || !(*extended)->changed) return order_is_anothers();
    return (*extended)->order.claim->lease_expires_at;
  };
  return task;
}

template <class Task>
void fulfillment_worker::impl::perform(const task_handler<Task>& handler, const order_record& order,
                                       const claimed_order& claimed, progress& run) const {
  const Task task = task_for<Task>(order, claimed);
  if (const auto* transactional = handler.as_transactional()) {
    perform_in_transaction(*transactional, task, claimed, run);
    return;
  }
  answer said;
  try {
    said.result = (*handler.as_plain())(task);
  } catch (...) {
    said.note = exception_type();
  }
  finish(claimed, said, run);
}

// Only what is done is committed with the order: the application's writes are undone otherwise.
template <class Task>
void fulfillment_worker::impl::perform_in_transaction(
    const typename task_handler<Task>::transactional& handler, const Task& task,
    const claimed_order& claimed, progress& run) const {
  answer said;
  put_result put = put_result::version_changed;
  for (int i = 0; i != most_transactions && put == put_result::version_changed; ++i) {
    const result<std::optional<order_record>> found = repository_.find(claimed.key);
    if (!found) {
      run.fail(found.error());
      return;
    }
    const std::optional<orders::step> done =
        *found
            ? orders::finish(**found, claimed.fencing_token, task_result::done, terms_, "", now())
            : std::nullopt;
    if (!done) {
      run.fail(order_is_anothers());
      return;
    }
    const result<put_result> tried =
        repository_.store().put(change_of(*done, **found), orders::guarded([&](transaction& open) {
                                  said = {};
                                  try {
                                    said.result = handler(task, open);
                                  } catch (...) {
                                    said.note = exception_type();
                                  }
                                  return said.result == task_result::done;
                                }));
    if (!tried) {
      run.fail(tried.error());
      return;
    }
    put = *tried;
  }
  if (put == put_result::done) {
    ++(claimed.kind == task_kind::release ? run.report.released : run.report.fulfilled);
    return;
  }
  if (said.result == task_result::done || put == put_result::version_changed)
    said = {task_result::retry_later, std::string(to_string(put))};
  finish(claimed, said, run);
}

void fulfillment_worker::impl::finish(const claimed_order& claimed, const answer& said,
                                      progress& run) const {
  const auto finished = repository_.change(claimed.key, [&](const order_record& order) {
    return orders::finish(order, claimed.fencing_token, said.result, terms_, said.note, now());
  });
  if (!finished) {
    run.fail(finished.error());
    return;
  }
  if (!*finished || !(*finished)->changed) {
    run.fail(order_is_anothers());
    return;
  }
  if (said.result == task_result::done)
    ++(claimed.kind == task_kind::release ? run.report.released : run.report.fulfilled);
  else if (said.result == task_result::give_up ||
           (*finished)->order.retry_count >= terms_.max_tries)
    ++run.report.given_up;
  else
    ++run.report.retried;
}

void fulfillment_worker::impl::give_up_claim(const claimed_order& claimed,
                                             std::chrono::seconds put_off, const std::string& note,
                                             progress& run) const {
  const auto given_up = repository_.change(claimed.key, [&](const order_record& order) {
    return orders::give_up_claim(order, claimed.fencing_token, put_off, note, now());
  });
  if (!given_up) run.fail(given_up.error());
}

} // namespace v0
} // namespace stripe_return
