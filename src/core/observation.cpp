#include <stripe_return/core/observation.hpp>

#include <utility>

namespace stripe_return {
inline namespace v0 {

std::optional<observation> observation_of(event of) {
  if (!of.session) return std::nullopt;
  std::optional<observation> made(std::in_place);
  made->session = *std::move(of.session);
  if (of.created) {
    made->time = *of.created;
    made->clock = clock_source::stripe;
  }
  made->source = observation_source::event;
  made->event_id = std::move(of.id);
  made->async_payment_failed = of.type == event_type::checkout_session_async_payment_failed;
  made->event_type = std::move(of.type);
  made->livemode = of.livemode;
  return made;
}

} // namespace v0
} // namespace stripe_return
