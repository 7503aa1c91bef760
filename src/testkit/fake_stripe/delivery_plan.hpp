// Which webhook is sent when, and what became of it. Sends nothing itself.
#pragma once

#include "testkit/fake_stripe/event.hpp"

#include <stripe_return/core/secret.hpp>
#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

enum class delivery_state {
  pending,   // to be sent when it is due
  held,      // until those that it changes places with are there
  delivered, // answered 2xx
  failed,    // given up
  lost,      // never sent, on command
};

struct delivery_attempt {
  unix_seconds time = 0;
  int status = 0; // 0: no answer
};

struct delivery {
  std::size_t number = 0; // in the order in which they are to be sent
  std::string event_id;
  std::string type;
  std::string session_id;
  std::string body; // until it is over
  delivery_state state = delivery_state::pending;
  unix_seconds due = 0;
  std::vector<delivery_attempt> attempts;
};

enum class event_payload { snapshot, thin, both };

// https://docs.stripe.com/event-destinations
struct webhook_endpoint {
  std::string url;
  secret signing_secret; // empty: nobody is told
  std::vector<std::string> event_types = {
      "checkout.session.completed", "checkout.session.async_payment_succeeded",
      "checkout.session.async_payment_failed", "checkout.session.expired"}; // or "*"
  event_payload payload = event_payload::snapshot;
};

// What goes wrong with the next so many events.
struct delivery_faults {
  std::int64_t duplicate = 0; // each is sent twice
  std::int64_t lose = 0;      // none is sent
  std::int64_t reorder = 0;   // all are sent when the last is there, the newest first
  unix_seconds delay = 0;     // of every event, by the fake's clock
};

class STRIPE_RETURN_EXPORT delivery_plan {
public:
  webhook_endpoint endpoint;
  delivery_faults faults;

  void add(const event& event);
  // Ends the wait of what is held or not due yet, retries included: each is due at `now`.
  // Returns how many attempts each delivery has had; all_attempted() tells when there is one more.
  struct flush_ticket {
    std::vector<std::pair<std::size_t, std::size_t>> attempts; // by delivery number
  };
  flush_ticket flush(unix_seconds now);
  bool all_attempted(const flush_ticket& ticket) const;

  // The number of the next that is due, or nothing.
  std::optional<std::size_t> due(unix_seconds now) const;
  const delivery& at(std::size_t number) const;
  void attempted(std::size_t number, int status, unix_seconds now);

  // In the order in which they are to be sent; of those that are over, the last 10,000.
  const std::map<std::size_t, delivery>& all() const { return deliveries_; }
  // Whether the endpoint is still to be told of this event: 0 or 1.
  int pending(const std::string& event_id) const;
  // Forgets the deliveries and the faults; the endpoint stays.
  void reset();

private:
  void add(const event& event, std::string id, std::string body, delivery_state state);
  void release_held(unix_seconds now);
  void end(delivery& delivery, delivery_state state);

  std::map<std::size_t, delivery> deliveries_;             // by number
  std::set<std::pair<unix_seconds, std::size_t>> pending_; // when, and which
  std::vector<std::size_t> held_;
  std::deque<std::size_t> over_;
  std::unordered_set<std::string> untold_; // events
  std::size_t next_number_ = 0;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
