/// @file
/// order_record: everything that the store keeps of an order.
#pragma once

#include <stripe_return/core/expected_order.hpp>
#include <stripe_return/core/order_outcome.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>
#include <stripe_return/orders/order_store.hpp>
#include <stripe_return/orders/review_item.hpp>
#include <stripe_return/orders/session_facts.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// How far an order has come. src/orders/PROTOCOL.md shows the transitions.
enum class order_stage : unsigned char {
  open,      ///< not paid, as far as Stripe has reported
  due,       ///< paid, and to be fulfilled
  fulfilled, ///< fulfilled; this is final
  closed,    ///< not paid, and can no longer be paid
  released,  ///< closed or canceled, and its stock was released
  canceled,  ///< canceled by the application or a person, whether paid or not
  unmatched, ///< not an order, but a payment that belongs to none
};

/// What an order is waiting for.
enum class waits_for : unsigned char {
  customer,    ///< a customer can still pay in a session
  stripe,      ///< money is on its way, or Stripe's response is not clear yet
  checkout,    ///< a new checkout, or being closed
  expectation, ///< a payment names an order that the application has not registered
  worker,      ///< a worker, to fulfill it
  lease,       ///< the worker that has claimed it
  retry,       ///< the next attempt, because the last one failed
  release,     ///< a worker, to release its stock
  refund,      ///< money has to be refunded
  person,      ///< a person, to decide a review item
  nothing,
};

/// The tasks that a worker can do for an order.
enum class task_kind : unsigned char { fulfill, release };

/// What is known about how an order was fulfilled.
enum class fulfilled_by : unsigned char {
  worker,  ///< a worker did it
  session, ///< a person says that this session paid for it
  /// A person says that it was paid by other means, so any payment in a session is one too many.
  elsewhere,
  unknown, ///< a person, who does not know how it was paid
};

STRIPE_RETURN_EXPORT std::string_view to_string(order_stage stage) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(waits_for whom) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(task_kind kind) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(fulfilled_by how) noexcept;

/// An attempt to create a session for the order. It is stored before the request is sent to Stripe.
struct checkout_attempt {
  int number = 0; ///< counts the attempts of the order, from 1
  unix_seconds started_at = 0;
  unix_seconds deadline = 0; ///< of the request to Stripe
  std::string session_id;    ///< empty: Stripe's response was lost, or has not arrived yet
  bool given_up = false;     ///< Stripe's list has no session for this attempt
  int expectation = 0;       ///< the index of the expectation that it was started with
};

/// A session of the order.
struct order_session {
  session_facts facts;
  int attempt = 0;     ///< checkout_attempt::number; 0: the application created the session itself
  bool issued = false; ///< created for this order, or recovered from such a session
  bool given_up = false; ///< Stripe no longer has it: the reconciler or a person gave it up
};

/// A worker's claim of an order.
struct task_claim {
  task_kind kind = task_kind::fulfill;
  std::string worker;
  unix_seconds claimed_at = 0;
  unix_seconds lease_expires_at = 0;
};

/// An order as an order_store keeps it. An application may read it; only the library changes it.
struct order_record {
  std::string out_trade_no;                 ///< empty if the stage is unmatched
  std::vector<expected_order> expectations; ///< the newest last; each new price adds one
  order_stage stage = order_stage::open;
  unix_seconds created_at = 0;
  std::optional<unix_seconds> pay_until{}; ///< from then on no checkout is opened

  std::vector<checkout_attempt> attempts;
  std::vector<order_session> sessions; ///< in the order of their arrival
  std::string paid_session; ///< the session that paid for the order; fixed by the first claim
  bool pinned = false;

  std::vector<review_item> review_items;
  std::vector<give_back_entry> to_give_back;

  /// Of the last claim. A worker with a lower token has lost its claim.
  std::uint64_t fencing_token = 0;
  std::optional<task_claim> claim{};
  int retry_count = 0;
  stripe_return::fulfilled_by fulfilled_by = stripe_return::fulfilled_by::worker;
  unix_seconds next_try_at = 0; ///< when a worker may do the task of this stage; 0: now
  unix_seconds due_since = 0;   ///< 0: never due
  /// 0: never canceled. It stays set if the order is released or becomes due again.
  unix_seconds canceled_at = 0;
  unix_seconds released_at = 0; ///< 0: never released; stays set if the order becomes due again

  int poll_count = 0;
  stripe_return::waits_for waits_for = stripe_return::waits_for::nothing;
  unix_seconds next_poll_at = 0; ///< 0: there is nothing to poll
  unix_seconds waits_since = 0;  ///< since when it has been waiting for that

  std::uint64_t version = 0;          ///< counts the changes, from 1
  std::uint64_t news_version = 0;     ///< of the last change that concerns the application
  std::uint64_t notified_version = 0; ///< of the last change that the application was notified of
  unix_seconds news_at = 0;
};

/// What happened, in a line of an order's history.
enum class history_action : unsigned char {
  expected,
  repriced,
  attempt_begun,
  answer_lost, ///< the response to a request that creates a session was lost
  attempt_given_up,
  session_issued,
  observed,
  not_found,
  session_given_up,
  claimed,
  lease_extended,
  lease_lost,
  claim_given_up, ///< before the application's handler was called
  fulfilled,
  released,
  retry_later,
  gave_up,
  closed,
  canceled,
  marked_fulfilled,
  accepted,
  rejected,
  marked_refunded,
  polled,
  notified,
};

STRIPE_RETURN_EXPORT std::string_view to_string(history_action action) noexcept;

/// A line of an order's history.
struct history_entry {
  unix_seconds at = 0;
  std::string who; ///< `return`, `webhook`, `reconciler`, `application`, a worker or a person
  history_action action = history_action::observed;
  std::string session_id;
  std::string event_id;
  std::string outcome; ///< the order_state that the observation alone has
  std::vector<reason> reasons;
  std::string note;
};

/// Returns the key of the row of an order, or of an unmatched payment.
STRIPE_RETURN_EXPORT std::string order_key(std::string_view out_trade_no);
STRIPE_RETURN_EXPORT std::string unmatched_key(std::string_view session_id);

/// Serializes an order to the row that a store keeps, or a line of its history.
STRIPE_RETURN_EXPORT order_row row_of(const order_record& order);
STRIPE_RETURN_EXPORT std::string to_text(const history_entry& entry);
/// Parses what row_of() or to_text() returned. Fails with store_corrupt for anything else.
STRIPE_RETURN_EXPORT result<order_record> parse_order_row(const order_row& row);
STRIPE_RETURN_EXPORT result<history_entry> parse_history_entry(std::string_view text);

} // namespace v0
} // namespace stripe_return
