/// @file
/// What a person has to decide about an order, and the money that has to be refunded.
#pragma once

#include <stripe_return/core/money.hpp>
#include <stripe_return/core/order_outcome.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

/// A person's verdict on a review item.
enum class review_verdict : unsigned char { accept, reject };

/// The state of a review item.
enum class review_state : unsigned char {
  open,
  accepted,
  rejected,
  closed, ///< closed by itself: there is nothing left to decide
};

STRIPE_RETURN_EXPORT std::string_view to_string(review_verdict verdict) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(review_state state) noexcept;

/// Something that a person has to decide, about one session or about a task that was given up. The
/// same disagreement always has the same item, which stays resolved; another value, or money where
/// there was none before, opens a new item.
struct review_item {
  std::string id;              ///< derived from the session, the reasons and the values
  std::string session_id;      ///< empty: the item is about the order itself
  std::vector<reason> reasons; ///< sorted by name
  std::vector<money> amounts;  ///< what the customer pays in this session; empty if unknown
  std::string values;          ///< the values that disagree, in one line
  /// Whether the session was paid, or a payment was being processed, when the item was opened. A
  /// session that can still be paid has an item of its own before that, so a verdict on that item
  /// never applies to the payment.
  bool with_money = false;
  unix_seconds opened_at = 0;
  review_state state = review_state::open;
  unix_seconds resolved_at = 0;
  std::string by;   ///< who resolved it
  std::string note; ///< a note by that person
};

/// Money of one session that has to be refunded. This library makes no refunds.
struct give_back_entry {
  std::string session_id;
  money amount{0, ""};
  unix_seconds since = 0;
  /// When Stripe showed the refund, or a person recorded it with order_service::mark_refunded().
  std::optional<unix_seconds> ended_at{};
  std::string by{}; ///< that person; empty if Stripe showed the refund
};

} // namespace v0
} // namespace stripe_return
