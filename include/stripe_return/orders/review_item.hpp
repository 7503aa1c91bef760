/// @file
/// What a person has to decide about an order, and what has to be given back.
#pragma once

#include <stripe_return/core/money.hpp>
#include <stripe_return/core/order_outcome.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {

enum class review_verdict : unsigned char { accept, reject };

/// How far a review item has come.
enum class review_state : unsigned char {
  open,
  accepted,
  rejected,
  closed, ///< by itself: nothing is left to decide
};

STRIPE_RETURN_EXPORT std::string_view to_string(review_verdict verdict) noexcept;
STRIPE_RETURN_EXPORT std::string_view to_string(review_state state) noexcept;

/// Something about one session, or about a task that was given up, that a person has to decide. The
/// same disagreement is the same item, and stays resolved; another value, or money where there was
/// none, makes a new item.
struct review_item {
  std::string id;              ///< made of the session, the reasons and the values
  std::string session_id;      ///< empty: the item is about the order itself
  std::vector<reason> reasons; ///< sorted by their words
  std::vector<money> amounts;  ///< what the customer pays by this session; empty: not known
  std::string values;          ///< the values that disagree, in one line
  /// Whether money was in, or on its way, when the item was opened. A session that can still be
  /// paid has an item of its own before, so that no verdict on that one holds for the payment.
  bool with_money = false;
  unix_seconds opened_at = 0;
  review_state state = review_state::open;
  unix_seconds resolved_at = 0;
  std::string by;   ///< who resolved it
  std::string note; ///< that person's own
};

/// Money of one session that has to be given back. This library refunds nothing itself.
struct give_back_entry {
  std::string session_id;
  money amount{0, ""};
  unix_seconds since = 0;
  /// When Stripe showed the refund, or a person said so.
  std::optional<unix_seconds> ended_at{};
  std::string by{}; ///< that person; empty: Stripe
};

} // namespace v0
} // namespace stripe_return
