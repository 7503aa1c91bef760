#include "fake_stripe/account.hpp"

#include "fake_stripe/api_error.hpp"
#include "fake_stripe/object_json.hpp"

#include <stripe_return/client/client_options.hpp>

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

constexpr unix_seconds default_life = 24 * 60 * 60;
constexpr unix_seconds recovery_life = 30 * 24 * 60 * 60;
constexpr unix_seconds events_are_kept = 30 * 24 * 60 * 60;

template <class T> std::vector<const T*> newest_first(const std::deque<T>& oldest_first) {
  std::vector<const T*> all;
  for (auto each = oldest_first.rbegin(); each != oldest_first.rend(); ++each)
    all.push_back(&*each);
  return all;
}

api_error impossible(const session& session, happening what) {
  const std::string status(to_string(session.state.status));
  if (what == happening::expire) {
    api_error error = invalid_request("Only Checkout Sessions with a status in [\"open\"] can be"
                                      " expired. This Checkout Session has a status of `" +
                                      status + "`.");
    error.endpoint_began = true;
    return error;
  }
  return invalid_request("That cannot happen to a Checkout Session that is " + status + " and " +
                         std::string(to_string(session.state.payment)) + ".");
}

} // namespace

account::account(std::string base_url, std::function<void(const event&)> tell)
    : base_url_(std::move(base_url)), tell_(std::move(tell)) {}

void account::pass_time(unix_seconds now) {
  std::vector<session*> due;
  for (session& each : sessions_) {
    if (each.state.status == session_status::open && each.expires_at <= now) due.push_back(&each);
  }
  std::stable_sort(due.begin(), due.end(), [](const session* one, const session* other) {
    return one->expires_at < other->expires_at;
  });
  for (session* each : due) {
    step(*each, happening::expire, *after(each->state, happening::expire), {each->expires_at});
  }
}

const session& account::create(session_request asked, unix_seconds now) {
  session& made = sessions_.emplace_back();
  made.id = ids_.checkout_session();
  made.created = now;
  made.expires_at = asked.expires_at.value_or(now + default_life);
  made.url = base_url_ + "/c/pay/" + made.id + "#fid" + ids_.random(40);
  if (asked.total() == 0) made.state.payment = payment_status::no_payment_required;
  for (bought_item& item : asked.items) {
    item.id = ids_.line_item();
    item.price_id = ids_.price();
    item.product_id = ids_.product();
  }
  made.asked = std::move(asked);
  return made;
}

const session* account::recover(const std::string& token, unix_seconds now) {
  const std::string url = base_url_ + std::string(recovery_path) + token;
  const auto lost = std::find_if(sessions_.begin(), sessions_.end(), [&](const session& each) {
    return each.recovery_url == url && now < each.recovery_expires_at;
  });
  if (lost == sessions_.end()) return nullptr;
  session_request same = lost->asked;
  same.expires_at.reset();
  const std::string id = lost->id;
  create(std::move(same), now);
  sessions_.back().recovered_from = id;
  return &sessions_.back();
}

const session& account::find(const std::string& id) const {
  const auto found = std::find_if(sessions_.begin(), sessions_.end(),
                                  [&id](const session& each) { return each.id == id; });
  if (found == sessions_.end()) throw resource_missing("checkout.session", id, "session");
  return *found;
}

session& account::stored(const std::string& id) {
  return const_cast<session&>(std::as_const(*this).find(id));
}

const session& account::let(const std::string& id, happening what, const cause& why) {
  session& session = stored(id);
  const std::optional<session_state> then = after(session.state, what);
  if (!then) throw impossible(session, what);
  step(session, what, *then, why);
  return session;
}

void account::attempt_payment(session& session, const char* charge_status, unix_seconds now) {
  if (!session.intent) {
    session.intent.emplace();
    session.intent->id = ids_.payment_intent();
    session.intent->client_secret = session.intent->id + "_secret_" + ids_.random(25);
    session.intent->created = now;
  }
  session.intent->payment_method = ids_.payment_method();
  session.intent->error_code.clear();
  session.intent->charges.push_back({ids_.charge(), now, charge_status, 0});
}

void account::step(session& session, happening what, const session_state& then, const cause& why) {
  const session_state before = std::exchange(session.state, then);
  switch (what) {
  case happening::pay:
    if (then.intent) attempt_payment(session, "succeeded", why.now);
    break;
  case happening::pay_later: attempt_payment(session, "pending", why.now); break;
  case happening::decline:
    attempt_payment(session, "failed", why.now);
    session.intent->payment_method.clear();
    session.intent->error_code = "card_declined";
    break;
  case happening::succeed: session.intent->charges.back().status = "succeeded"; break;
  case happening::fail:
    session.intent->charges.back().status = "failed";
    session.intent->payment_method.clear();
    session.intent->error_code = "payment_intent_payment_attempt_failed";
    break;
  case happening::expire:
    if (session.intent) session.intent->canceled_at = why.now;
    if (session.asked.recoverable) {
      session.recovery_url = base_url_ + std::string(recovery_path) + ids_.random(24);
      session.recovery_expires_at = why.now + recovery_life;
    }
    break;
  }
  if (what != happening::decline) record(session, event_type_of(before, then), why);
}

void account::record(const session& session, std::string_view type, const cause& why) {
  event& made = events_.emplace_back();
  made.id = ids_.event();
  made.type = type;
  made.session_id = session.id;
  made.created = why.now;
  made.json = {{"id", made.id},
               {"object", "event"},
               {"api_version", stripe_api_version},
               {"created", made.created},
               {"data", {{"object", session_json(session)}}},
               {"livemode", false},
               {"pending_webhooks", 0},
               {"request",
                {{"id", text_or_null(why.request_id)},
                 {"idempotency_key", text_or_null(why.idempotency_key)}}},
               {"type", made.type}};
  tell_(made);
}

const session& account::refund(const std::string& charge_id, std::optional<std::int64_t> amount) {
  for (session& session : sessions_) {
    if (!session.intent) continue;
    for (charge& charge : session.intent->charges) {
      if (charge.id != charge_id) continue;
      const std::int64_t left = session.asked.total() - charge.amount_refunded;
      const std::int64_t refunded = amount.value_or(left);
      if (charge.status != "succeeded" || refunded < 1 || refunded > left) {
        throw invalid_request("Of this charge so much cannot be refunded", "amount");
      }
      charge.amount_refunded += refunded;
      return session;
    }
  }
  throw resource_missing("charge", charge_id, "id");
}

std::vector<const session*> account::sessions() const {
  return newest_first(sessions_);
}

std::vector<const event*> account::events(unix_seconds now) const {
  std::vector<const event*> all = newest_first(events_);
  all.erase(
      std::remove_if(all.begin(), all.end(),
                     [now](const event* each) { return each->created + events_are_kept < now; }),
      all.end());
  return all;
}

std::optional<nlohmann::json> account::object(const std::string& id) const {
  for (const session& session : sessions_) {
    if (session.intent && session.intent->id == id) return payment_intent_json(session);
    if (session.intent) {
      for (const charge& charge : session.intent->charges) {
        if (charge.id == id) return charge_json(session, charge);
      }
    }
    for (const bought_item& item : session.asked.items) {
      if (item.product_id == id) return product_json(session, item);
    }
  }
  return std::nullopt;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
