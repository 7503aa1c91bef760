#include <stripe_return/orders/order_record.hpp>

#include "core/enum_words.hpp"
#include "orders/order_text.hpp"

namespace stripe_return {
inline namespace v1 {

std::string_view to_string(order_stage stage) noexcept {
  constexpr std::string_view words[] = {"open",     "due",      "fulfilled", "closed",
                                        "released", "canceled", "unmatched"};
  return word_of(stage, words);
}

std::string_view to_string(waits_for whom) noexcept {
  constexpr std::string_view words[] = {"customer", "stripe", "checkout", "expectation",
                                        "worker",   "lease",  "retry",    "release",
                                        "refund",   "person", "nothing"};
  return word_of(whom, words);
}

std::string_view to_string(task_kind kind) noexcept {
  constexpr std::string_view words[] = {"fulfill", "release"};
  return word_of(kind, words);
}

std::string_view to_string(fulfilled_by how) noexcept {
  constexpr std::string_view words[] = {"worker", "session", "elsewhere", "unknown"};
  return word_of(how, words);
}

std::string_view to_string(review_verdict verdict) noexcept {
  constexpr std::string_view words[] = {"accept", "reject"};
  return word_of(verdict, words);
}

std::string_view to_string(review_state state) noexcept {
  constexpr std::string_view words[] = {"open", "accepted", "rejected", "closed"};
  return word_of(state, words);
}

std::string_view to_string(history_action action) noexcept {
  constexpr std::string_view words[] = {
      "expected",       "repriced",        "attempt_begun",    "attempt_given_up",
      "session_issued", "observed",        "not_found",        "session_given_up",
      "became_due",     "claimed",         "lease_extended",   "lease_lost",
      "fulfilled",      "released",        "retry_later",      "gave_up",
      "closed",         "canceled",        "marked_fulfilled", "accepted",
      "rejected",       "marked_refunded", "polled",           "told"};
  return word_of(action, words);
}

std::string order_key(std::string_view out_trade_no) {
  return std::string("order:").append(out_trade_no);
}

std::string unmatched_key(std::string_view session_id) {
  return std::string("session:").append(session_id);
}

} // namespace v1
} // namespace stripe_return
