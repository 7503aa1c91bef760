#include <stripe_return/core/observation.hpp>

namespace stripe_return {
inline namespace v0 {

std::optional<observation> observation_of(const event& event) {
  if (!event.session) return std::nullopt;
  observation seen;
  seen.session = *event.session;
  if (event.created) {
    seen.time = *event.created;
    seen.clock = clock_source::stripe;
  }
  seen.source = observation_source::event;
  seen.event_id = event.id;
  seen.event_type = event.type;
  seen.async_payment_failed = event.type == event_type::checkout_session_async_payment_failed;
  seen.livemode = event.livemode;
  return seen;
}

} // namespace v0
} // namespace stripe_return
