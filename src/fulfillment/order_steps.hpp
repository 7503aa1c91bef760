// Every step that an order can take. Pure: the store, the clock and Stripe are the callers'.
#pragma once

#include <stripe_return/fulfillment/order_record.hpp>

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
  order_outcome outcome; // held against the order's expectation, where it has one
};
order_step hear(const order_record& order, const heard_word& word);

// The host says what it expects. Whatever was heard before has to be heard again.
order_step expect(const order_record& order, const expected_order& expected, unix_seconds now);

// A checkout is about to be begun, and has its session.
order_step begin_attempt(const order_record& order, unix_seconds now);
order_step attach(const order_record& order, int attempt, const std::string& session_id,
                  unix_seconds now);

// A worker takes the order in order to fulfil it. Its token is the changed record's.
order_step claim(const order_record& order, const std::string& worker, unix_seconds now,
                 std::chrono::seconds lease);

enum class fulfil_result : unsigned char { done, retry_later, give_up };
// It comes back. Nothing is changed for one that is too late: somebody else has claimed the order.
order_step finish(const order_record& order, const std::string& worker, std::uint64_t token,
                  fulfil_result result, unix_seconds now);

// The host sells the goods to somebody else. Only where no session can be paid any more.
order_step close(const order_record& order, unix_seconds now);

enum class review_verdict : unsigned char { accept, reject };
// A person has looked.
order_step resolve(const order_record& order, review_verdict verdict, const std::string& who,
                   const std::string& note, unix_seconds now);

// How long to wait after so many tries, from 1: a minute, doubled up to a day.
std::chrono::seconds retry_after(int tries) noexcept;

} // namespace v0
} // namespace stripe_return
