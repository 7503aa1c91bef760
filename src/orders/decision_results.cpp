#include <stripe_return/orders/decision_results.hpp>

#include <stripe_return/orders/fulfillment_task.hpp>

#include "core/enum_words.hpp"

namespace stripe_return {
inline namespace v0 {

std::string_view to_string(close_result result) noexcept {
  constexpr std::string_view words[] = {"closed", "not_yet", "paid", "unknown"};
  return word_of(result, words);
}

std::string_view to_string(cancel_result result) noexcept {
  constexpr std::string_view words[] = {"canceled", "claimed", "fulfilled", "still_payable",
                                        "unknown"};
  return word_of(result, words);
}

std::string_view to_string(mark_result result) noexcept {
  constexpr std::string_view words[] = {"marked", "already_fulfilled", "claimed"};
  return word_of(result, words);
}

std::string_view to_string(resolve_result result) noexcept {
  constexpr std::string_view words[] = {"done", "nothing_to_decide", "changed_meanwhile", "claimed",
                                        "refused"};
  return word_of(result, words);
}

std::string_view to_string(task_result result) noexcept {
  constexpr std::string_view words[] = {"done", "retry_later", "give_up"};
  return word_of(result, words);
}

} // namespace v0
} // namespace stripe_return
