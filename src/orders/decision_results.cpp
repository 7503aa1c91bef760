#include <stripe_return/orders/decision_results.hpp>

#include <stripe_return/orders/fulfillment_task.hpp>

#include "core/enum_names.hpp"

namespace stripe_return {
inline namespace v0 {

std::string_view to_string(close_result result) noexcept {
  constexpr std::string_view names[] = {"closed", "not_yet", "paid", "unknown"};
  return enum_name(result, names);
}

std::string_view to_string(cancel_result result) noexcept {
  constexpr std::string_view names[] = {"canceled", "claimed", "fulfilled", "still_payable",
                                        "unknown"};
  return enum_name(result, names);
}

std::string_view to_string(mark_result result) noexcept {
  constexpr std::string_view names[] = {"marked", "already_fulfilled", "claimed"};
  return enum_name(result, names);
}

std::string_view to_string(resolve_result result) noexcept {
  constexpr std::string_view names[] = {"done", "nothing_to_decide", "changed_meanwhile", "claimed",
                                        "refused"};
  return enum_name(result, names);
}

std::string_view to_string(task_result result) noexcept {
  constexpr std::string_view names[] = {"done", "retry_later", "give_up"};
  return enum_name(result, names);
}

} // namespace v0
} // namespace stripe_return
