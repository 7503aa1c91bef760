// All that one Stripe account holds: sessions, events, payments, a catalog. No I/O, no clock, no
// lock.
#pragma once

#include "testkit/fake_stripe/event.hpp"
#include "testkit/fake_stripe/id_maker.hpp"
#include "testkit/fake_stripe/object_list.hpp"
#include "testkit/fake_stripe/session.hpp"

#include <stripe_return/core/time.hpp>
#include <stripe_return/export.hpp>

#include <nlohmann/json.hpp>

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace stripe_return {
inline namespace v0 {
namespace fake {

inline constexpr std::string_view recovery_path = "/r/test_"; // of a recovery URL, before its token

// When something happens, and by whose API request: none where it is the customer or the time.
struct origin {
  unix_seconds now = 0;
  std::string request_id = {};
  std::string idempotency_key = {};
};

// Where a payment, a charge, a refund or a dispute is: each hangs on its session.
struct payment_place {
  std::string id;
  unix_seconds created = 0;
  std::string session_id;
  std::size_t charge = 0;
  std::size_t refund = 0;
};

// What is changed of a session that is open; what is absent stays.
struct session_update {
  std::optional<metadata_map> metadata;
  std::optional<std::vector<bought_item>> items;
  std::optional<amount_changes> changes;
  std::optional<presentment> presented;
};

class STRIPE_RETURN_EXPORT account {
public:
  // `base_url` is where the sessions' pages are; `tell` is called with every new event.
  // `connected`: its events name it.
  account(std::string id, bool connected, std::string base_url, id_maker& ids,
          std::function<void(const event&)> tell);
  account(const account&) = delete;
  account& operator=(const account&) = delete;

  // What is due happens, in its order. To be called before every look.
  void pass_time(unix_seconds now);

  const session& create(session_request asked, unix_seconds now);
  // As if the last create() had not been.
  void withdraw_newest();
  // The session that opening the recovery URL creates; null where the URL is not, or no longer,
  // one.
  const session* recover(const std::string& token, unix_seconds now);

  // Null where there is none.
  const session* look_for(const std::string& session_id) const;
  // These throw api_error: resource_missing, and where it cannot happen.
  const session& find(const std::string& session_id) const;
  const session& apply(const std::string& session_id, session_action what, const origin& why);
  // All of it where no amount is given.
  const session& capture(const std::string& intent_id, std::optional<std::int64_t> amount,
                         const origin& why);
  const session& cancel_payment(const std::string& intent_id, const origin& why);
  const session& update(const std::string& session_id, session_update changed, unix_seconds now);
  // So much of a charge that succeeded; the rest where no amount is given. Its id and time are made
  // here.
  const refund& give_back(const std::string& charge_id, std::optional<std::int64_t> amount,
                          refund asked, const origin& why);
  const session& dispute(const std::string& charge_id, const origin& why);

  const object_list<session>& sessions() const { return sessions_; }
  const object_list<event>& events() const { return events_; } // as far back as Stripe shows them
  const object_list<payment_place>& intents() const { return intents_; }
  const object_list<payment_place>& charges() const { return charges_; }
  const object_list<payment_place>& refunds() const { return refunds_; }

  // Their id and time are made here.
  const product& add(product made, unix_seconds now);
  const price& add(price made, unix_seconds now);
  const customer& add(customer made, unix_seconds now);
  const object_list<product>& products() const { return products_; }
  const object_list<price>& prices() const { return prices_; }
  const object_list<customer>& customers() const { return customers_; }

  // Any of these but a session, as JSON; nothing where there is none.
  std::optional<nlohmann::json> object(const std::string& id) const;

private:
  enum class timed { expiry, hold };
  using deadline = std::tuple<unix_seconds, std::string, timed>; // when, of which session

  session& stored(const std::string& session_id);
  charge& stored_charge(const std::string& charge_id, session*& owner);
  void give_ids(std::vector<bought_item>& items, unix_seconds now);
  void set_total(session& session);
  void step(session& session, session_action what, const origin& why);
  void attempt_payment(session& session, const char* charge_status, unix_seconds now);
  void subscribe(session& session);
  void record(const session& session, std::string_view type, const std::string& object_id,
              const origin& why);

  std::string id_;
  bool connected_;
  std::string base_url_;
  id_maker& ids_;
  std::function<void(const event&)> tell_;
  object_list<session> sessions_;
  object_list<event> events_;
  object_list<payment_place> intents_, charges_, refunds_, disputes_;
  object_list<product> products_;
  object_list<price> prices_;
  object_list<customer> customers_;
  std::unordered_map<std::string, std::string> recoveries_; // the session by its token
  std::set<deadline> deadlines_;
  std::size_t products_before_ = 0; // the last create()
  std::size_t prices_before_ = 0;
};

} // namespace fake
} // namespace v0
} // namespace stripe_return
