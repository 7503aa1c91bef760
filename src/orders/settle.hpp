// What follows from an order's facts and from what persons decided: its stage, its review items,
// what has to be given back, for whom it waits and when it is polled.
#pragma once

#include "orders/conclusions.hpp"

#include <chrono>

namespace stripe_return {
inline namespace v0 {
namespace orders {

// Brings all of that up to date. Twice does no more than once.
void settle(order_record& order, const circumstances& at);

// Whether an open review item keeps the order's task from being claimed.
bool is_blocked(const order_record& order) noexcept;
// What a worker can do for the order as it stands; none: nothing.
std::optional<task_kind> task_of(const order_record& order) noexcept;

// Whether a worker can do it as soon as it is time. Stock is kept while the order can be paid.
bool is_for_worker(const order_record& order) noexcept;
// Whether money of the order can still come in, for all that is known.
bool can_be_paid(const order_record& order, const std::vector<session_conclusion>& found) noexcept;

bool has(const review_item& item, reason why) noexcept;

// An item about a task that was given up.
void open_task_item(order_record& order, reason why, unix_seconds now);

// Whether money of the order, or of a payment, is still to be given back.
bool is_to_be_given_back(const give_back_entry& entry) noexcept;
// Puts what is left of the session's money on the list, unless it is there.
void give_back(order_record& order, const order_session& session, unix_seconds now);

// How long to wait after so many polls: an hour, doubled up to a day.
std::chrono::seconds poll_delay(int polls) noexcept;
inline constexpr int most_polls = 35; // which takes a month

} // namespace orders
} // namespace v0
} // namespace stripe_return
