/// @file
/// What is kept of an order, so that it is fulfilled once.
#pragma once

#include <stripe_return/core/expected_order.hpp>
#include <stripe_return/core/order_outcome.hpp>
#include <stripe_return/core/result.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// How far an order has come. It only moves down this list, but that a person may accept what was
/// closed.
enum class order_stage : unsigned char {
  awaiting,  ///< no payment that counts, as far as Stripe has said
  closed,    ///< likewise, and Stripe has confirmed that none of its sessions can be paid any more
  due,       ///< paid: to be fulfilled
  fulfilled, ///< the host has said that it is done: for good
  rejected,  ///< a person has said that it is not to be fulfilled: for good
};

/// A session of the order, and the furthest that Stripe has said of it.
struct session_record {
  std::string id;
  int attempt = 0; ///< of the order, from 1; 0 for a session that the host made itself
  order_state state = order_state::undetermined;
  bool final = false;       ///< see order_outcome::final()
  unix_seconds created = 0; ///< by Stripe; 0: not heard of yet
  bool reviewed = false;    ///< it was paid when a person ended a review
  stripe_return::next_step next_step = next_step::ask_again; ///< see order_outcome
  stripe_return::pay_again pay_again = pay_again::unknown;   ///< likewise
};

/// Lives in a fulfillment_store. A host may read it; only the library changes it.
struct order_record {
  std::string out_trade_no;
  /// Nothing is fulfilled while the host has not said what it expects: Stripe may tell of an order
  /// before the host does.
  std::optional<expected_order> expected;
  order_stage stage = order_stage::awaiting;
  int attempts = 0; ///< checkouts begun; each is counted before Stripe is asked for its session
  unix_seconds attempt_at = 0;          ///< when Stripe was last asked for one; 0: never
  std::vector<session_record> sessions; ///< in the order in which they were heard of
  std::string paid_session;             ///< the one that made the order due

  std::vector<reason> review; ///< why a person must look, each once; empty: nobody has to
  bool held = false;          ///< not to be fulfilled before a person has looked

  std::uint64_t token = 0;    ///< of the last claim: a worker with a smaller one is too late
  unix_seconds lease = 0;     ///< until when that claim holds; 0: nobody is at it
  int tries = 0;              ///< of the host's that are to be repeated
  unix_seconds due_at = 0;    ///< the next one is not made before then
  unix_seconds due_since = 0; ///< when it became due; 0: never

  int asks = 0;            ///< how often the sweep has asked Stripe in vain
  unix_seconds ask_at = 0; ///< when it asks next; 0: there is nothing to ask, or no use in it

  std::uint64_t version = 0; ///< counts the changes; compared by fulfillment_store::replace()
};

/// One line of an order's history, to which lines are only added.
struct history_entry {
  unix_seconds at = 0;
  std::string who;  ///< `return`, `webhook`, `sweep`, `host`, the name of a worker or of a person
  std::string what; ///< an order_state that was heard, or a word of what was done
  std::string session_id;
  std::string event_id; ///< of the event that told
  std::vector<reason> reasons;
  std::string note; ///< a person's own
};

STRIPE_RETURN_EXPORT std::string_view to_string(order_stage stage) noexcept;

/// What a store looks orders up by. It changes with the record alone, so a store keeps it beside
/// the record.
struct order_index {
  std::optional<unix_seconds> claimable_at; ///< from then on a worker may claim it
  std::optional<unix_seconds> ask_at;       ///< from then on the sweep asks Stripe about it
  std::optional<unix_seconds> due_since;    ///< paid and not fulfilled, held or not
  std::optional<unix_seconds> leased_until; ///< claimed, and not come back yet
  bool in_review = false;
};
STRIPE_RETURN_EXPORT order_index index_of(const order_record& order) noexcept;

/// The record, and the reasons of a line of history, as text for stores: JSON, and words with a
/// space between them. Nothing in it is secret or personal.
STRIPE_RETURN_EXPORT std::string to_text(const order_record& order);
STRIPE_RETURN_EXPORT std::string to_text(const std::vector<reason>& reasons);
/// Errors: store_corrupt, for text that to_text() did not write.
STRIPE_RETURN_EXPORT result<order_record> parse_order_record(std::string_view text);
STRIPE_RETURN_EXPORT result<std::vector<reason>> parse_reasons(std::string_view text);

} // namespace v0
} // namespace stripe_return
