// What Stripe tells of: https://docs.stripe.com/api/events and, thin,
// https://docs.stripe.com/api/v2/core/events
#pragma once

#include "testkit/fake_stripe/session.hpp"

#include <stripe_return/core/time.hpp>

#include <nlohmann/json.hpp>

#include <string>

namespace stripe_return {
inline namespace v0 {
namespace fake {

struct event {
  std::string id;
  std::string thin_id;
  std::string type;
  std::string object_id; // of the session, or of what hangs on it
  unix_seconds created = 0;
  std::string account; // empty: the fake's own
  std::string request_id;
  std::string idempotency_key;
  session as_it_was;
};

nlohmann::json snapshot_json(const event& event, int pending_webhooks);
nlohmann::json thin_json(const event& event);

} // namespace fake
} // namespace v0
} // namespace stripe_return
