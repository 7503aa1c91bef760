// A session as if Stripe had just sent it.
#pragma once

#include <stripe_return/core/observation.hpp>

#include <utility>

inline stripe_return::observation
observed(stripe_return::checkout_session session, stripe_return::unix_seconds time,
         stripe_return::clock_source clock = stripe_return::clock_source::stripe) {
  stripe_return::observation made;
  made.session = std::move(session);
  made.time = time;
  made.clock = clock;
  return made;
}
