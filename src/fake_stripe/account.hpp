// All that one Stripe account holds: sessions, events, charges. No I/O, no clock, no lock.
#pragma once

#include "fake_stripe/id_maker.hpp"
#include "fake_stripe/list_page.hpp"
#include "fake_stripe/session.hpp"

#include <stripe_return/core/time.hpp>

#include <nlohmann/json.hpp>

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

inline constexpr std::string_view recovery_path = "/r/test_"; // of a recovery URL, before its token

// When something happens, and by whose API request: none where it is the customer or the time.
struct cause {
  unix_seconds now = 0;
  std::string request_id = {};
  std::string idempotency_key = {};
};

struct event { // NOLINT(bugprone-exception-escape): moving nlohmann's JSON never throws
  std::string id;
  std::string type;
  std::string session_id;
  unix_seconds created = 0;
  nlohmann::json json; // as of its creation; pending_webhooks is up to who shows it
};

class account {
public:
  // `base_url` is where the sessions' pages are; `tell` hears of every new event.
  account(std::string base_url, std::function<void(const event&)> tell);

  // Expires what is due, in the order of expires_at. To be called before every look.
  void pass_time(unix_seconds now);

  const session& create(session_request asked, unix_seconds now);
  // The session that opening the recovery URL creates; null where the URL is not, or no longer,
  // one.
  const session* recover(const std::string& token, unix_seconds now);

  // Throws api_error: resource_missing.
  const session& find(const std::string& id) const;
  // Throws api_error where it cannot happen to the session.
  const session& let(const std::string& id, happening what, const cause& why);
  // Refunds so much of a charge that succeeded; the rest where no amount is given.
  const session& refund(const std::string& charge_id, std::optional<std::int64_t> amount);

  // Newest first.
  std::vector<const session*> sessions() const;
  // Newest first, as far back as Stripe shows them: 30 days.
  std::vector<const event*> events(unix_seconds now) const;

  // A PaymentIntent, charge or product as JSON; nothing where there is none.
  std::optional<nlohmann::json> object(const std::string& id) const;

  id_maker& ids() { return ids_; }

private:
  session& stored(const std::string& id);
  void step(session& session, happening what, const session_state& then, const cause& why);
  void attempt_payment(session& session, const char* charge_status, unix_seconds now);
  void record(const session& session, std::string_view type, const cause& why);

  std::string base_url_;
  std::function<void(const event&)> tell_;
  id_maker ids_;
  std::deque<session> sessions_; // oldest first
  std::deque<event> events_;     // likewise
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
