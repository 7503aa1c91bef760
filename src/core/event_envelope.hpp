// Events as far as they are read before it is known what they are about: Stripe writes the type
// behind the object.
#pragma once

#include <stripe_return/core/event.hpp>

#include <string>
#include <string_view>

namespace stripe_return {
inline namespace v0 {

struct event_envelope {
  stripe_return::event event;
  bool is_event = false;   // by its own word
  std::string_view object; // the JSON of `data.object`; empty where that is none
  std::string related_id;  // of a thin event
  std::string related_type;
};

} // namespace v0
} // namespace stripe_return
