// What workers do: fulfill due orders, and give back the stock of closed and canceled ones.
#pragma once

#include "orders/step.hpp"

#include <stripe_return/orders/fulfillment_task.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace stripe_return {
inline namespace v0 {
namespace orders {

// What a clock that is wrong has written is void: nobody sets a longer lease, nor puts a try off
// for longer.
inline constexpr std::chrono::hours longest_lease{24};
inline constexpr std::chrono::hours longest_retry{24};

// Whether a worker is at the order.
bool is_claimed(const order_record& order, unix_seconds now) noexcept;

struct worker_terms {
  std::string worker;
  std::chrono::seconds lease{300};
  int max_tries = 20;
};

// None: there is nothing to do now. A lease that ran out was a try; where that was the last one,
// the order has no claim afterwards, and a person is asked.
std::optional<step> claim(const order_record& order, const worker_terms& terms,
                          const circumstances& at);
// None: somebody else has the order.
std::optional<step> extend(const order_record& order, std::uint64_t fencing_token,
                           std::chrono::seconds lease, const circumstances& at);
// None: somebody else has the order. `note` may say why it was not done.
std::optional<step> finish(const order_record& order, std::uint64_t fencing_token,
                           task_result result, const worker_terms& terms, std::string note,
                           const circumstances& at);
// Nothing was handed over, so it was no try. Nobody claims the order again within `put_off`. None:
// somebody else has the order.
std::optional<step> give_up_claim(const order_record& order, std::uint64_t fencing_token,
                                  std::chrono::seconds put_off, std::string note,
                                  const circumstances& at);

// How long to wait after one more than so many tries: a minute, doubled up to a day.
std::chrono::seconds retry_delay(int tries) noexcept;

} // namespace orders
} // namespace v0
} // namespace stripe_return
