#include "testkit/fake_stripe/account.hpp"

#include "testkit/fake_stripe/api_error.hpp"
#include "testkit/fake_stripe/currency.hpp"
#include "testkit/fake_stripe/object_json.hpp"

#include <algorithm>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

constexpr unix_seconds day = 24 * 60 * 60;
constexpr unix_seconds default_life = day;
constexpr unix_seconds recovery_life = 30 * day;
constexpr unix_seconds events_are_kept = 30 * day;
// https://docs.stripe.com/payments/place-a-hold-on-a-payment-method
constexpr unix_seconds hold_life = 7 * day;

api_error impossible(const session& session, session_action what) {
  const std::string status(to_string(session.state.status));
  if (what == session_action::expire) {
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

account::account(std::string id, bool connected, std::string base_url, id_maker& ids,
                 std::function<void(const event&)> tell)
    : id_(std::move(id)), connected_(connected), base_url_(std::move(base_url)), ids_(ids),
      tell_(std::move(tell)) {}

void account::pass_time(unix_seconds now) {
  while (!deadlines_.empty() && std::get<unix_seconds>(*deadlines_.begin()) <= now) {
    const auto [time, session_id, what] = *deadlines_.begin();
    deadlines_.erase(deadlines_.begin());
    session& due = stored(session_id);
    const session_action then =
        what == timed::expiry ? session_action::expire : session_action::cancel_payment;
    if (after(due.state, then)) step(due, then, {time});
  }
  while (events_.size() != 0 && events_[0].created + events_are_kept < now)
    events_.take_away_oldest();
}

void account::give_ids(std::vector<bought_item>& items, unix_seconds now) {
  for (bought_item& item : items) {
    item.id = ids_.line_item();
    if (!item.own_product) continue;
    item.bought.product_id = add(*std::exchange(item.own_product, std::nullopt), now).id;
    item.bought = add(item.bought, now);
  }
}

const session& account::create(session_request asked, unix_seconds now) {
  products_before_ = products_.size();
  prices_before_ = prices_.size();
  give_ids(asked.items, now);
  session made;
  made.id = ids_.checkout_session();
  made.created = now;
  made.expires_at = asked.expires_at.value_or(now + default_life);
  if (asked.ui == ui_mode::hosted_page) {
    made.url = base_url_ + "/c/pay/" + made.id + "#fid" + ids_.random(40);
  } else {
    made.client_secret = made.id + "_secret_" + ids_.random(58);
  }
  if (asked.mode == checkout_mode::setup) made.setup_intent_id = ids_.setup_intent();
  made.metadata = asked.metadata;
  made.asked = std::make_shared<const session_request>(std::move(asked));
  set_total(made);
  deadlines_.emplace(made.expires_at, made.id, timed::expiry);
  return sessions_.add(std::move(made));
}

void account::withdraw_newest() {
  const session& made = sessions_[sessions_.size() - 1];
  deadlines_.erase({made.expires_at, made.id, timed::expiry});
  sessions_.take_away_newest();
  while (products_.size() > products_before_)
    products_.take_away_newest();
  while (prices_.size() > prices_before_)
    prices_.take_away_newest();
}

const session* account::recover(const std::string& token, unix_seconds now) {
  const auto known = recoveries_.find(token);
  if (known == recoveries_.end()) return nullptr;
  const session& lost = stored(known->second);
  if (now >= lost.recovery_expires_at) return nullptr;
  session_request same = *lost.asked;
  same.metadata = lost.metadata;
  same.expires_at.reset();
  session& recovered = stored(create(std::move(same), now).id);
  recovered.recovered_from = known->second;
  return &recovered;
}

const session* account::look_for(const std::string& session_id) const {
  return sessions_.find(session_id);
}

const session& account::find(const std::string& session_id) const {
  const session* found = look_for(session_id);
  if (found == nullptr) throw resource_missing("checkout.session", session_id, "session");
  return *found;
}

session& account::stored(const std::string& session_id) {
  session* found = sessions_.find(session_id);
  if (found == nullptr) throw resource_missing("checkout.session", session_id, "session");
  return *found;
}

void account::set_total(session& session) {
  const bool charges = session.asked->mode != checkout_mode::setup && session.total() > 0;
  session.state.payment = charges ? payment_status::unpaid : payment_status::no_payment_required;
}

const session& account::apply(const std::string& session_id, session_action what,
                              const origin& why) {
  session& session = stored(session_id);
  const bool authorizes = what == session_action::pay && session.asked->manual_capture &&
                          session.state.payment == payment_status::unpaid;
  const session_action then = authorizes ? session_action::authorize : what;
  if (!after(session.state, then)) throw impossible(session, then);
  step(session, then, why);
  return session;
}

const session& account::capture(const std::string& intent_id, std::optional<std::int64_t> amount,
                                const origin& why) {
  const payment_place* place = intents_.find(intent_id);
  if (place == nullptr) throw resource_missing("payment_intent", intent_id, "intent");
  session& session = stored(place->session_id);
  if (!after(session.state, session_action::capture)) {
    throw invalid_request("This PaymentIntent could not be captured because it has a status of " +
                              std::string(to_string(*session.state.intent)) +
                              ". Only a PaymentIntent with one of the following statuses may be"
                              " captured: requires_capture.",
                          {}, "payment_intent_unexpected_state");
  }
  charge& authorized = session.intent->charges.back();
  const std::int64_t taken = amount.value_or(authorized.amount);
  if (taken < 1 || taken > authorized.amount) {
    throw invalid_request("The amount to capture must be from 1 to the amount that was authorized.",
                          "amount_to_capture", "amount_too_large");
  }
  authorized.amount_captured = taken;
  step(session, session_action::capture, why);
  return session;
}

const session& account::cancel_payment(const std::string& intent_id, const origin& why) {
  const payment_place* place = intents_.find(intent_id);
  if (place == nullptr) throw resource_missing("payment_intent", intent_id, "intent");
  session& session = stored(place->session_id);
  if (!after(session.state, session_action::cancel_payment)) {
    throw invalid_request("You cannot cancel this PaymentIntent because it has a status of " +
                              std::string(to_string(*session.state.intent)) + ".",
                          {}, "payment_intent_unexpected_state");
  }
  step(session, session_action::cancel_payment, why);
  return session;
}

const session& account::update(const std::string& session_id, session_update changed,
                               unix_seconds now) {
  session& session = stored(session_id);
  const bool only_metadata = !changed.items && !changed.changes && !changed.presented;
  if (!only_metadata && session.state.status != session_status::open) {
    throw invalid_request("Only a Checkout Session that is open can be changed so.");
  }
  fake::session then = session;
  if (changed.metadata) then.metadata = *std::move(changed.metadata);
  if (changed.changes) then.changes = *changed.changes;
  if (changed.presented) then.presented = std::move(changed.presented);
  if (changed.items) {
    session_request asked = *then.asked;
    asked.items = *std::move(changed.items);
    give_ids(asked.items, now);
    then.asked = std::make_shared<const session_request>(std::move(asked));
  }
  if (then.total() < 0 || then.total() > largest_amount) {
    throw invalid_request("The total must be from 0 to 99999999.", "amount");
  }
  if (!only_metadata) set_total(then);
  session = std::move(then);
  return session;
}

charge& account::stored_charge(const std::string& charge_id, session*& owner) {
  const payment_place* place = charges_.find(charge_id);
  if (place == nullptr) throw resource_missing("charge", charge_id, "id");
  owner = &stored(place->session_id);
  return owner->intent->charges[place->charge];
}

const refund& account::give_back(const std::string& charge_id, std::optional<std::int64_t> amount,
                                 refund asked, const origin& why) {
  session* owner = nullptr;
  charge& charge = stored_charge(charge_id, owner);
  const std::int64_t left = charge.amount_captured - charge.amount_refunded();
  asked.amount = amount.value_or(left);
  if (left == 0 && charge.amount_captured != 0) {
    throw invalid_request("Charge " + charge_id + " has already been refunded.", {},
                          "charge_already_refunded");
  }
  if (charge.status != "succeeded" || asked.amount < 1 || asked.amount > left) {
    throw invalid_request("Of this charge so much cannot be refunded", "amount");
  }
  asked.id = ids_.refund();
  asked.created = why.now;
  charge.refunds.push_back(std::move(asked));
  const refund& made = charge.refunds.back();
  refunds_.add(
      {made.id, why.now, owner->id, charges_.find(charge_id)->charge, charge.refunds.size() - 1});
  record(*owner, "charge.refunded", charge_id, why);
  return made;
}

const session& account::dispute(const std::string& charge_id, const origin& why) {
  session* owner = nullptr;
  charge& charge = stored_charge(charge_id, owner);
  if (charge.amount_captured == 0 || !charge.dispute_id.empty()) {
    throw invalid_request("This charge cannot be disputed");
  }
  charge.dispute_id = ids_.dispute();
  charge.disputed_at = why.now;
  disputes_.add({charge.dispute_id, why.now, owner->id, charges_.find(charge_id)->charge});
  record(*owner, "charge.dispute.created", charge.dispute_id, why);
  return *owner;
}

void account::attempt_payment(session& session, const char* charge_status, unix_seconds now) {
  if (!session.intent) {
    session.intent.emplace();
    session.intent->id = ids_.payment_intent();
    session.intent->client_secret = session.intent->id + "_secret_" + ids_.random(25);
    session.intent->created = now;
    intents_.add({session.intent->id, now, session.id});
  }
  session.intent->payment_method = ids_.payment_method();
  session.intent->error_code.clear();
  charge tried;
  tried.id = ids_.charge();
  tried.created = now;
  tried.status = charge_status;
  tried.amount = session.paid_amount();
  charges_.add({tried.id, now, session.id, session.intent->charges.size()});
  session.intent->charges.push_back(std::move(tried));
}

void account::subscribe(session& session) {
  if (session.asked->mode != checkout_mode::subscription) return;
  session.subscription_id = ids_.subscription();
  session.invoice_id = ids_.invoice();
}

void account::step(session& session, session_action what, const origin& why) {
  const session_state before = std::exchange(session.state, *after(session.state, what));
  const auto take_all = [](charge& charge) {
    charge.status = "succeeded";
    charge.amount_captured = charge.amount;
  };
  switch (what) {
  case session_action::pay:
    if (session.state.intent) {
      attempt_payment(session, "succeeded", why.now);
      take_all(session.intent->charges.back());
    }
    subscribe(session);
    break;
  case session_action::authorize:
    attempt_payment(session, "succeeded", why.now);
    subscribe(session);
    deadlines_.emplace(why.now + hold_life, session.id, timed::hold);
    break;
  case session_action::pay_later:
    attempt_payment(session, "pending", why.now);
    subscribe(session);
    break;
  case session_action::decline:
    attempt_payment(session, "failed", why.now);
    session.intent->payment_method.clear();
    session.intent->error_code = "card_declined";
    break;
  case session_action::succeed: take_all(session.intent->charges.back()); break;
  case session_action::fail:
    session.intent->charges.back().status = "failed";
    session.intent->payment_method.clear();
    session.intent->error_code = "payment_intent_payment_attempt_failed";
    break;
  case session_action::capture: break; // its amount is there already
  case session_action::cancel_payment: session.intent->canceled_at = why.now; break;
  case session_action::expire:
    if (session.intent) session.intent->canceled_at = why.now;
    if (session.asked->recoverable) {
      const std::string token = ids_.random(24);
      recoveries_.emplace(token, session.id);
      session.recovery_url = base_url_ + std::string(recovery_path) + token;
      session.recovery_expires_at = why.now + recovery_life;
    }
    break;
  }
  if (before.status == session_status::open && session.state.status != session_status::open) {
    deadlines_.erase({session.expires_at, session.id, timed::expiry});
  }
  for (const std::string_view type : events_of(before, what)) {
    record(session, type, type.substr(0, 15) == "payment_intent." ? session.intent->id : session.id,
           why);
  }
}

void account::record(const session& session, std::string_view type, const std::string& object_id,
                     const origin& why) {
  event made;
  made.id = ids_.event();
  made.thin_id = id_maker::thin_event(made.id);
  made.type = type;
  made.object_id = object_id;
  made.created = why.now;
  if (connected_) made.account = id_;
  made.request_id = why.request_id;
  made.idempotency_key = why.idempotency_key;
  made.as_it_was = session;
  tell_(events_.add(std::move(made)));
}

const product& account::add(product made, unix_seconds now) {
  made.id = ids_.product();
  made.created = now;
  return products_.add(std::move(made));
}

const price& account::add(price made, unix_seconds now) {
  made.id = ids_.price();
  made.created = now;
  return prices_.add(std::move(made));
}

const customer& account::add(customer made, unix_seconds now) {
  made.id = ids_.customer();
  made.created = now;
  return customers_.add(std::move(made));
}

std::optional<nlohmann::json> account::object(const std::string& id) const {
  const auto on_session = [&](const object_list<payment_place>& list,
                              const auto& show) -> std::optional<nlohmann::json> {
    const payment_place* place = list.find(id);
    if (place == nullptr) return std::nullopt;
    return show(find(place->session_id), *place);
  };
  using place = payment_place;
  const auto charge_of = [](const session& owner, const place& at) -> const charge& {
    return owner.intent->charges[at.charge];
  };
  if (auto shown = on_session(
          intents_, [](const session& owner, const place&) { return payment_intent_json(owner); }))
    return shown;
  if (auto shown = on_session(charges_, [&](const session& owner, const place& at) {
        return charge_json(owner, charge_of(owner, at));
      }))
    return shown;
  if (auto shown = on_session(refunds_, [&](const session& owner, const place& at) {
        const charge& charge = charge_of(owner, at);
        return refund_json(owner, charge, charge.refunds[at.refund]);
      }))
    return shown;
  if (auto shown = on_session(disputes_, [&](const session& owner, const place& at) {
        return dispute_json(owner, charge_of(owner, at));
      }))
    return shown;
  if (const product* found = products_.find(id)) return product_json(*found);
  if (const price* found = prices_.find(id)) return price_json(*found);
  if (const customer* found = customers_.find(id)) return customer_json(*found);
  return std::nullopt;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
