// What the facts of an order's sessions mean. Pure, and told the time.
#pragma once

#include <stripe_return/core/order_naming.hpp>
#include <stripe_return/core/order_outcome.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/orders/customer_view.hpp>
#include <stripe_return/orders/order_record.hpp>

#include <optional>
#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace orders {

// What every rule is told besides the order.
struct circumstances {
  unix_seconds now = 0; // by the application's clock
  order_naming naming;
};

// Where the money of a session is.
enum class session_money : unsigned char {
  none,           // over without money, by Stripe's word
  gone_back,      // was in, and was given back in whole
  can_still_come, // somebody may still pay, by the session or by its recovery URL
  unknown,
  on_its_way,
  authorized, // to be captured by the merchant
  in,
};

struct session_conclusion {
  order_outcome outcome; // against the order, as of now
  session_money money = session_money::unknown;
  // Why its money is not simply the order's; sorted. Empty: it agrees.
  std::vector<reason> disagreements{};
  std::string values{};  // those that the disagreements are about, in one line
  bool waived = false;   // a person has accepted these disagreements at these values
  bool rejected = false; // a person has said that its money is not the order's
  bool missing = false;  // Stripe does not have it any more
  bool unclear = false;  // of two things that Stripe said, one cannot be true
  bool counts = false;   // its money fulfills the order
};

// Without duplicate_payment and paid_after_close, which are no matter of the session.
std::vector<reason> without_situation(std::vector<reason> reasons);

// A payment in the other mode is nobody's money, once a person has said so.
bool is_play_money(const session_conclusion& found) noexcept;

bool has_money(session_money money) noexcept; // in, or so far that nobody should pay again

// What the session is held against.
expected_order expectation_for(const order_record& order, const order_session& session);

// In the order of order.sessions.
std::vector<session_conclusion> conclude(const order_record& order, const circumstances& at);

// What Stripe has, less what it gave back; none where it is not known or nothing.
std::optional<money> money_left(const session_facts& facts);
std::vector<money> amounts_of(const session_facts& facts);
// What a person has to look at in money that agrees: refunded, disputed.
bool is_refunded(const session_facts& facts);
bool is_disputed(const session_facts& facts);

// An attempt whose session is not known. Within its time Stripe may still be making it.
const checkout_attempt* open_attempt(const order_record& order) noexcept;
unix_seconds lost_since(const checkout_attempt& attempt) noexcept; // from then on it is lost

const order_session* find_session(const order_record& order, const std::string& id) noexcept;
order_session* find_session(order_record& order, const std::string& id) noexcept;
const review_item* find_item(const order_record& order, const std::string& id) noexcept;

pay_again pay_again_of(const order_record& order, const circumstances& at);
// Whether nobody can pay the order any more, and no payment can still fulfill it.
bool may_release(const order_record& order, const circumstances& at);
customer_view view_of(const order_record& order, const circumstances& at);

} // namespace orders
} // namespace v0
} // namespace stripe_return
