// What Stripe says of an order's sessions, and that nobody says it.
#pragma once

#include "orders/step.hpp"

#include <stripe_return/core/observation.hpp>

#include <optional>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace orders {

// Who observed it, and by which event.
struct source {
  std::string who;
  std::string event_id;
};

// None: nothing new was said.
std::optional<step> observe(const order_record& order, const observation& seen, const source& by,
                            const circumstances& at);
std::optional<step> observe_not_found(const order_record& order, const std::string& session_id,
                                      observed_at when, const source& by, const circumstances& at);

// Whether `after` says more than that what `before` says is still so.
bool says_more(session_facts before, session_facts after);

// Whether a session that Stripe does not have any more may be given up without a person: it was
// last seen open and without money, and nobody can still pay it. The caller sees that the same key
// reads a session of the store that is older.
bool may_give_up(const order_record& order, const std::string& session_id, const circumstances& at);
step give_up_session(const order_record& order, const std::string& session_id,
                     const circumstances& at);

// The order's sessions were asked about at Stripe, whatever came of it.
step polled(const order_record& order, const circumstances& at);
// The application was told of this version.
step notify(const order_record& order, std::uint64_t version, const circumstances& at);

// A payment that belongs to no order. It waits for one of its number, or for a person.
step keep_unmatched(const observation& seen, const source& by, const circumstances& at);
// What persons decided about it goes with its session, to an order that is about to take that.
void keep_verdicts(order_record& order, const order_record& unmatched);
// The order takes it. None: the order has all of it.
std::optional<step> take_unmatched(const order_record& order, const order_record& unmatched,
                                   const source& by, const circumstances& at);
// It has found its order. None: that was known.
std::optional<step> end_unmatched(const order_record& unmatched, const std::string& note,
                                  const circumstances& at);

} // namespace orders
} // namespace v0
} // namespace stripe_return
