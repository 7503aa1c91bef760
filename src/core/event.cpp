#include <stripe_return/core/event.hpp>

#include "core/event_types.hpp"
#include "core/open_enum_names.hpp"

#include <utility>

namespace stripe_return {
inline namespace v0 {

template <> event_type recognize<event_type>(std::string_view raw) noexcept {
  if (raw.empty()) return event_type::absent;
  for (const known_event& each : known_events) {
    if (each.raw == raw) return each.word;
  }
  return event_type::unrecognized;
}

template class open_enum<event_type>;

std::string_view to_string(event_type type) noexcept {
  const known_event* const known = find_known_event(type);
  if (known != nullptr) return known->raw;
  return type == event_type::absent ? "absent" : "unrecognized";
}

std::string_view to_string(event_relevance relevance) noexcept {
  switch (relevance) {
  case event_relevance::handled: return "handled";
  case event_relevance::payment_intent: return "payment_intent";
  case event_relevance::unreadable: return "unreadable";
  case event_relevance::other_type: return "other_type";
  case event_relevance::other_livemode: return "other_livemode";
  case event_relevance::other_account: return "other_account";
  }
  return "other_type";
}

std::string account_of(const event& event) {
  const std::size_t slash = event.context.rfind('/');
  std::string last = slash == std::string::npos ? event.context : event.context.substr(slash + 1);
  if (last.empty()) last = event.context; // one that ends in a slash names nobody
  if (event.account.empty() || event.account == last) return last;
  return last.empty() ? event.account : event.account + " and " + last;
}

} // namespace v0
} // namespace stripe_return
