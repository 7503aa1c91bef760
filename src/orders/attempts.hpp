// Checkouts: when one may be begun, and what becomes of one whose answer was lost.
#pragma once

#include "orders/step.hpp"

#include <stripe_return/core/observation.hpp>

#include <string>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace orders {

enum class checkout_choice : unsigned char {
  begin,   // a new attempt
  reuse,   // the session of `session_id`, which is open
  recover, // by the recovery URL of `session_id`
  look,    // in Stripe's list, for the session of the open attempt
  wait,    // until `until`: Stripe may still be making the session of the open attempt
  ask,     // Stripe, about a session of which it is not known whether it can be paid
  none,    // the order is paid, over, or somebody has to decide first
};

struct checkout_plan {
  checkout_choice choice = checkout_choice::none;
  std::string session_id;
  unix_seconds until = 0;
};

// What open_checkout has to do, by what is kept.
checkout_plan plan_checkout(const order_record& order, const circumstances& at);

// An order that the application expects for the first time. `unmatched`: payments that are known of
// its sessions.
step expect(const expected_order& expected, std::optional<unix_seconds> pay_until,
            const std::string& who, const circumstances& at,
            const std::vector<order_record>& unmatched = {});
// Whether the two ask for the same money, in the same way, of the same account.
bool same_terms(const expected_order& a, const expected_order& b);
// Sessions that the application made itself are added to those that it named before. None: they
// are all known.
std::optional<step> add_sessions(const order_record& order, const std::vector<std::string>& ids,
                                 const circumstances& at,
                                 const std::vector<order_record>& unmatched = {});
// New terms from now on. A session is judged by those that its attempt had. Only where
// plan_checkout() chooses `begin`.
step reprice(const order_record& order, const expected_order& expected, const circumstances& at);

// The attempt is kept before Stripe is asked; `deadline` is that call's.
step begin_attempt(const order_record& order, unix_seconds deadline, const circumstances& at);
// Stripe's answer.
step issue_session(const order_record& order, int attempt, const observation& seen,
                   const circumstances& at);
// The call to Stripe is over, without an answer.
step end_call(const order_record& order, int attempt, const circumstances& at);
// Stripe has refused it for good, or its list has no session of it.
step give_up_attempt(const order_record& order, int attempt, const circumstances& at);

} // namespace orders
} // namespace v0
} // namespace stripe_return
