// Every step that an order can take. Pure: the store, the clock and Stripe are the callers'.
#pragma once

#include <stripe_return/core/time.hpp>
#include <stripe_return/fulfillment/fulfil_task.hpp>
#include <stripe_return/fulfillment/order_record.hpp>
#include <stripe_return/fulfillment/review_verdict.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace stripe_return {
inline namespace v0 {

// A record as it is to be, and the line of history that tells of it.
struct order_change {
  order_record record;
  history_entry entry;
};

// What each step gives where there is nothing to change.
using order_step = std::optional<order_change>;

// Somebody told what Stripe says of a session of the order.
struct heard_word {
  unix_seconds at;
  std::string who;
  std::string session_id;
  order_outcome outcome;    // held against expectation_of(the order), where it has one
  unix_seconds created = 0; // the session, by Stripe; 0: not said
  std::string event_id = {};
  bool just_asked = false; // Stripe's answer of now, not what it said at some time
  bool recovered = false;  // from a session of the order's
};
order_step hear(const order_record& order, const heard_word& word);

// What to hold a session of the order against. While a checkout has been begun whose session is not
// known yet, any session that names the order may be that one.
std::optional<expected_order> expectation_of(const order_record& order);

// The host says what it expects. Whatever was heard before has to be heard again.
order_step expect(const order_record& order, const expected_order& expected, unix_seconds now);

// The sweep has asked Stripe about the order, and is to ask again later.
order_step ask_later(const order_record& order, unix_seconds now);
// How long to wait after it has asked so many times: an hour, doubled up to a day.
std::chrono::seconds ask_after(int asks) noexcept;
// Asking ends then, after a month.
inline constexpr int most_asks = 35;
// Whether another word of Stripe's may come of asking about the session.
bool is_worth_asking(const session_record& session) noexcept;

// A checkout is about to be begun, and has its session. None is while another session of the order
// may still be paid. The last attempt is made again if its session is not known, unless Stripe says
// that it is spent.
enum class last_attempt : unsigned char { again, spent };
order_step begin_attempt(const order_record& order, unix_seconds now,
                         last_attempt last = last_attempt::again);
order_step attach(const order_record& order, int attempt, const std::string& session_id,
                  unix_seconds now);

// A worker takes the order in order to fulfil it. Its token is the changed record's.
order_step claim(const order_record& order, const std::string& worker, unix_seconds now,
                 std::chrono::seconds lease);

// It comes back. Nothing is changed for one that is too late: somebody else has claimed the order.
order_step finish(const order_record& order, const std::string& worker, std::uint64_t token,
                  fulfil_result result, unix_seconds now);

// The worker that claimed the order has found that the payment is none any more.
order_step hold(const order_record& order, const std::string& worker, std::uint64_t token,
                reason why, unix_seconds now);

// The order was fulfilled before anything was kept of it. No session: it is not known which.
order_step import_fulfilled(const order_record& order, const std::string& session_id,
                            unix_seconds now);

// The host sells the goods to somebody else. Only where no session can be paid any more.
order_step close(const order_record& order, unix_seconds now);

// A person has looked.
order_step resolve(const order_record& order, review_verdict verdict, const std::string& who,
                   const std::string& note, unix_seconds now);

// How long to wait after so many tries, from 1: a minute, doubled up to a day.
std::chrono::seconds retry_after(int tries) noexcept;

} // namespace v0
} // namespace stripe_return
