/// @file
/// Everything that is kept of an order.
#pragma once

#include <stripe_return/core/expected_order.hpp>
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

/// How far an order has come. src/orders/PROTOCOL.md shows what leads from one to another.
enum class order_stage : unsigned char {
  open,      ///< not paid, as far as Stripe has said
  due,       ///< paid: to be fulfilled
  fulfilled, ///< for good
  closed,    ///< not paid, and nobody can pay it any more
  released,  ///< likewise, and its stock was given back
  canceled,  ///< by decision, whether paid or not
  unmatched, ///< no order: a payment that belongs to none
};

/// For whom or for what an order waits.
enum class waits_for : unsigned char {
  customer,    ///< to pay in a session that is open
  stripe,      ///< to say more: money is on its way, or its word is not clear yet
  checkout,    ///< for a new checkout, or for being closed
  expectation, ///< a payment names an order that nobody expects yet
  worker,      ///< to fulfill it
  lease,       ///< a worker is at it
  retry,       ///< the last try failed
  release,     ///< a worker is to give its stock back
  refund,      ///< money has to be given back
  person,      ///< to decide a review item
  nothing,
};

/// What a worker can do for an order.
enum class task_kind : unsigned char { fulfill, release };

/// How a person knows that an order was fulfilled.
enum class fulfilled_by : unsigned char {
  worker,
  session,   ///< a person: this session paid for it
  elsewhere, ///< a person: it was paid by other means, so any payment by a session is one too many
  unknown,   ///< a person, who does not know by what it was paid
};

STRIPE_RETURN_EXPORT std::string_view to_string(order_stage stage) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(waits_for whom) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(task_kind kind) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(fulfilled_by how) noexcept;

/// A checkout that was begun. It is kept before Stripe is asked for its session.
struct checkout_attempt {
  int number = 0; ///< of the order, from 1
  unix_seconds started_at = 0;
  unix_seconds deadline = 0; ///< of the call to Stripe
  std::string session_id;    ///< empty: Stripe's answer was lost, or is still to come
  bool given_up = false;     ///< Stripe's list has no session of it
  int expectation = 0;       ///< the one that it was begun with: an index
};

/// A session of the order.
struct order_session {
  session_facts facts;
  int attempt = 0;       ///< checkout_attempt::number; 0: the application made it itself
  bool issued = false;   ///< made for this order, or continues one that was
  bool given_up = false; ///< Stripe does not have it, and nobody waits for it any more
};

/// A worker's hold on an order.
struct task_claim {
  task_kind kind = task_kind::fulfill;
  std::string worker;
  unix_seconds claimed_at = 0;
  unix_seconds lease_expires_at = 0;
};

/// Lives in an order_store. An application may read it; only the library changes it.
struct order_record {
  std::string out_trade_no;                 ///< empty: stage is unmatched
  std::vector<expected_order> expectations; ///< the newest last: a new price is a new one
  order_stage stage = order_stage::open;
  unix_seconds created_at = 0;
  std::optional<unix_seconds> pay_until{}; ///< no checkout is begun from then on

  std::vector<checkout_attempt> attempts;
  std::vector<order_session> sessions; ///< in the order in which they came
  std::string paid_session;            ///< the one that counts; pinned by the first claim
  bool pinned = false;

  std::vector<review_item> review_items;
  std::vector<give_back_entry> to_give_back;

  std::uint64_t fencing_token = 0; ///< of the last claim: whoever holds a smaller one is too late
  std::optional<task_claim> claim{};
  int retry_count = 0;
  unix_seconds next_try_at = 0; ///< of the task of its stage; 0: now
  stripe_return::fulfilled_by fulfilled_by = stripe_return::fulfilled_by::worker;
  unix_seconds due_since = 0;   ///< 0: never
  unix_seconds canceled_at = 0; ///< likewise; stays where it is released, or becomes due again
  unix_seconds released_at = 0; ///< likewise

  int poll_count = 0;
  unix_seconds next_poll_at = 0; ///< 0: there is nothing to ask Stripe
  stripe_return::waits_for waits_for = stripe_return::waits_for::nothing;
  unix_seconds waits_since = 0; ///< since when it waits for that

  std::uint64_t version = 0;          ///< counts the changes, from 1
  std::uint64_t news_version = 0;     ///< of the last change that is the application's business
  std::uint64_t notified_version = 0; ///< of the last one that it was told of
  unix_seconds news_at = 0;
};

/// A line in the history of an order.
enum class history_action : unsigned char {
  expected,
  repriced,
  attempt_begun,
  answer_lost, ///< of a call that makes a session
  attempt_given_up,
  session_issued,
  observed,
  not_found,
  session_given_up,
  became_due,
  claimed,
  lease_extended,
  lease_lost,
  claim_given_up, ///< before anything was handed over
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

struct history_entry {
  unix_seconds at = 0;
  std::string who; ///< `return`, `webhook`, `reconciler`, `application`, a worker or a person
  history_action action = history_action::observed;
  std::string session_id;
  std::string event_id;
  std::string outcome; ///< what the observation alone means: order_state's word
  std::vector<reason> reasons;
  std::string note;
};

/// The key of an order's row, and of an unmatched payment's.
STRIPE_RETURN_EXPORT std::string order_key(std::string_view out_trade_no);
STRIPE_RETURN_EXPORT std::string unmatched_key(std::string_view session_id);

/// The row that a store keeps.
STRIPE_RETURN_EXPORT order_row row_of(const order_record& order);
STRIPE_RETURN_EXPORT std::string to_text(const history_entry& entry);
/// Error: store_corrupt for what row_of() and to_text() did not write.
STRIPE_RETURN_EXPORT result<order_record> parse_order_row(const order_row& row);
STRIPE_RETURN_EXPORT result<history_entry> parse_history_entry(std::string_view text);

} // namespace v0
} // namespace stripe_return
