// How open_enum maps Stripe's spelling to enumerators. A source that instantiates one specializes
// `enum_names`.
#pragma once

#include <stripe_return/core/checkout_session.hpp>
#include <stripe_return/core/event.hpp>

#include <string_view>
#include <utility>

namespace stripe_return {
inline namespace v0 {

template <class Enum> struct enum_name_entry {
  std::string_view raw;
  Enum value;
};

template <class Enum> constexpr enum_name_entry<Enum> enum_names[] = {};

template <class Enum> Enum recognize(std::string_view raw) noexcept {
  if (raw.empty()) return Enum::absent;
  for (const auto& entry : enum_names<Enum>) {
    if (entry.raw == raw) return entry.value;
  }
  return Enum::unrecognized;
}

template <class Enum> std::string_view spelled(Enum value) noexcept {
  for (const auto& entry : enum_names<Enum>) {
    if (entry.value == value) return entry.raw;
  }
  return value == Enum::absent ? "absent" : "unrecognized";
}

template <class Enum>
open_enum<Enum>::open_enum(std::string raw) : known_(recognize<Enum>(raw)), raw_(std::move(raw)) {}

// Each is instantiated by the one source that has its words, in a unity build as well.
extern template class open_enum<session_status>;
extern template class open_enum<session_payment_status>;
extern template class open_enum<session_mode>;
extern template class open_enum<payment_intent_status>;
extern template class open_enum<event_type>;

} // namespace v0
} // namespace stripe_return
