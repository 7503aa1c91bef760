#include "orders/tasks.hpp"

#include "orders/settle.hpp"
#include "orders/time_arithmetic.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace orders {
namespace {

bool is_ahead(unix_seconds time, unix_seconds now, std::chrono::seconds at_most) {
  return time > now && between(now, time) <= static_cast<std::uint64_t>(at_most.count());
}

// After one more try, which was not the last one unless this says so.
void count_try(step& changed, const worker_terms& terms, const circumstances& at) {
  order_record& order = changed.order;
  if (order.retry_count < terms.max_tries) ++order.retry_count;
  if (order.retry_count < terms.max_tries) return;
  changed.entry.action = history_action::gave_up;
  open_task_item(order,
                 task_of(order) == task_kind::release ? reason::release_gave_up
                                                      : reason::fulfill_gave_up,
                 at.now);
}

} // namespace

bool is_claimed(const order_record& order, unix_seconds now) noexcept {
  return order.claim && is_ahead(order.claim->lease_expires_at, now, longest_lease);
}

std::optional<step> claim(const order_record& order, const worker_terms& terms,
                          const circumstances& at) {
  const std::optional<task_kind> task = task_of(order);
  if (!task || is_blocked(order) || is_claimed(order, at.now) ||
      is_ahead(order.next_try_at, at.now, longest_retry))
    return std::nullopt;
  if (task == task_kind::release && can_be_paid(order, conclude(order, at))) return std::nullopt;
  step changed = begin_step(order, at, terms.worker, history_action::claimed, order.paid_session);
  if (order.claim) {
    changed.entry.action = history_action::lease_lost;
    changed.order.claim.reset();
    count_try(changed, terms, at);
    if (changed.entry.action == history_action::gave_up) return end_step(std::move(changed), at);
  }
  ++changed.order.fencing_token;
  changed.order.claim =
      task_claim{*task, terms.worker, at.now,
                 later(at.now, std::min<std::chrono::seconds>(terms.lease, longest_lease))};
  if (*task == task_kind::fulfill) changed.order.pinned = true;
  return end_step(std::move(changed), at);
}

std::optional<step> extend(const order_record& order, std::uint64_t fencing_token,
                           std::chrono::seconds lease, const circumstances& at) {
  if (!order.claim || order.fencing_token != fencing_token) return std::nullopt;
  step changed = begin_step(order, at, order.claim->worker, history_action::lease_extended);
  changed.order.claim->lease_expires_at =
      later(at.now, std::min<std::chrono::seconds>(lease, longest_lease));
  return end_step(std::move(changed), at);
}

std::optional<step> finish(const order_record& order, std::uint64_t fencing_token,
                           task_result result, const worker_terms& terms, std::string note,
                           const circumstances& at) {
  if (!order.claim || order.fencing_token != fencing_token) return std::nullopt;
  const bool releases = order.claim->kind == task_kind::release;
  step changed = begin_step(order, at, order.claim->worker,
                            releases ? history_action::released : history_action::fulfilled,
                            order.paid_session);
  changed.entry.note = std::move(note);
  changed.order.claim.reset();
  switch (result) {
  case task_result::done:
    changed.order.stage = releases ? order_stage::released : order_stage::fulfilled;
    if (releases) changed.order.released_at = at.now;
    break;
  case task_result::retry_later:
    changed.entry.action = history_action::retry_later;
    changed.order.next_try_at = later(at.now, retry_delay(order.retry_count));
    count_try(changed, terms, at);
    break;
  case task_result::give_up:
    changed.entry.action = history_action::gave_up;
    open_task_item(changed.order, releases ? reason::release_gave_up : reason::fulfill_gave_up,
                   at.now);
    break;
  }
  return end_step(std::move(changed), at);
}

std::optional<step> give_up_claim(const order_record& order, std::uint64_t fencing_token,
                                  std::chrono::seconds put_off, std::string note,
                                  const circumstances& at) {
  if (!order.claim || order.fencing_token != fencing_token) return std::nullopt;
  step changed = begin_step(order, at, order.claim->worker, history_action::claim_given_up,
                            order.paid_session);
  changed.entry.note = std::move(note);
  changed.order.claim.reset();
  changed.order.next_try_at = later(at.now, put_off);
  return end_step(std::move(changed), at);
}

std::chrono::seconds retry_delay(int tries) noexcept {
  std::chrono::seconds delay = std::chrono::minutes(1);
  for (int i = 0; i < tries && delay < longest_retry; ++i)
    delay *= 2;
  return std::min<std::chrono::seconds>(delay, longest_retry);
}

} // namespace orders
} // namespace v0
} // namespace stripe_return
