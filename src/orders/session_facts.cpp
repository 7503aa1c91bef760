#include <stripe_return/orders/session_facts.hpp>

#include "orders/order_text.hpp"
#include "orders/time_arithmetic.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

namespace stripe_return {
inline namespace v0 {
namespace {

using orders::is_later;
using orders::order_of;

// How far a session has come. Stripe takes none of these back.
int distance(const checkout_facts& facts) {
  if (facts.status != session_status::complete) return 0;
  return facts.payment_status == session_payment_status::unpaid ? 1 : 2;
}

bool has_money(const open_enum<payment_intent_status>& status) {
  return status == payment_intent_status::succeeded ||
         status == payment_intent_status::processing ||
         status == payment_intent_status::requires_capture;
}

// Of what was said in the same second, the more cautious is taken to be the newer.
int caution(const checkout_facts& facts) {
  if (facts.payment_status == session_payment_status::paid) return 2;
  return facts.has_recovery_url ? 1 : 0;
}
int caution(const payment_intent_facts& facts) {
  return has_money(facts.status) ? 1 : 0;
}
std::int64_t caution(const charge_facts& facts) {
  return facts.disputed ? std::numeric_limits<std::int64_t>::max() : facts.amount_refunded;
}

template <class Facts> bool is_newer(const Facts& a, const Facts& b) {
  if (order_of(a.at) != order_of(b.at)) return order_of(a.at) > order_of(b.at);
  if (caution(a) != caution(b)) return caution(a) > caution(b);
  return to_text(a) > to_text(b);
}
bool is_newer(const permission_facts& a, const permission_facts& b) {
  return std::make_pair(order_of(a.at), !a.payment_intent_permitted) >
         std::make_pair(order_of(b.at), !b.payment_intent_permitted);
}

template <class T, class Wins>
std::optional<T> winner(const std::optional<T>& a, const std::optional<T>& b, Wins wins) {
  if (!a || !b) return a ? a : b;
  return wins(*b, *a) ? b : a;
}

template <class Facts>
std::optional<Facts> newest(const std::optional<Facts>& a, const std::optional<Facts>& b) {
  return winner(a, b, [](const Facts& x, const Facts& y) { return is_newer(x, y); });
}

bool is_earlier(const observed_at& a, const observed_at& b) {
  return a.clock == b.clock ? a.time < b.time : is_later(a, b);
}

bool is_further(const checkout_facts& a, const checkout_facts& b) {
  return distance(a) != distance(b) ? distance(a) > distance(b) : is_newer(a, b);
}

// Whether an answer has shown more of it than its id.
bool was_read(const payment_intent_facts& facts) {
  return facts.status != payment_intent_status::absent || !facts.out_trade_no.empty() ||
         !facts.shop.empty();
}

payment_intent_facts join(const payment_intent_facts& a, const payment_intent_facts& b) {
  // Its charge has a time of its own, so it is no part of the comparison.
  payment_intent_facts one = a, other = b;
  one.latest_charge.reset();
  other.latest_charge.reset();
  const bool second = was_read(a) == was_read(b) ? is_newer(other, one) : was_read(b);
  payment_intent_facts both = second ? other : one;
  both.latest_charge = newest(a.latest_charge, b.latest_charge);
  return both;
}

std::vector<payment_intent_facts> join(const std::vector<payment_intent_facts>& a,
                                       const std::vector<payment_intent_facts>& b) {
  std::vector<payment_intent_facts> all = a;
  for (const payment_intent_facts& each : b) {
    const auto at = std::lower_bound(
        all.begin(), all.end(), each.id,
        [](const payment_intent_facts& one, const std::string& id) { return one.id < id; });
    if (at != all.end() && at->id == each.id)
      *at = join(*at, each);
    else
      all.insert(at, each);
  }
  return all;
}

std::vector<std::string> union_of(const std::vector<std::string>& a,
                                  const std::vector<std::string>& b) {
  std::vector<std::string> all;
  std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(all));
  return all;
}

template <class Enum> bool is_recognized(const open_enum<Enum>& word) {
  return word != Enum::absent && word != Enum::unrecognized;
}
bool is_recognized(const checkout_facts& facts) {
  return is_recognized(facts.status) && is_recognized(facts.payment_status) &&
         is_recognized(facts.mode);
}

checkout_facts checkout_of(const observation& observed, const order_naming& naming) {
  const checkout_session& session = observed.session;
  checkout_facts facts;
  facts.at = {observed.time, observed.clock};
  facts.status = session.status;
  facts.payment_status = session.payment_status;
  facts.mode = session.mode;
  facts.created = session.created;
  facts.expires_at = session.expires_at;
  facts.amount_subtotal = session.amount_subtotal;
  facts.amount_total = session.amount_total;
  facts.currency = session.currency;
  facts.currency_conversion = session.currency_conversion;
  facts.out_trade_no = session.metadata.get(naming.order_key);
  facts.shop = session.metadata.get(naming.shop_key);
  facts.checkout_attempt = session.metadata.get(naming.attempt_key);
  if (naming.client_reference_id) facts.client_reference_id = session.client_reference_id;
  facts.recovered_from = session.recovered_from;
  if (session.payment_intent) facts.payment_intent = session.payment_intent->id;
  if (session.recovery) {
    facts.has_recovery_url = !session.recovery->url.empty();
    facts.recovery_expires_at = session.recovery->expires_at;
  }
  facts.account = session.account;
  facts.of_own_account = session.of_own_account;
  facts.livemode = session.livemode;
  facts.key_livemode = observed.livemode;
  return facts;
}

payment_intent_facts intent_of(const session_payment_intent& intent, const observed_at& at,
                               const order_naming& naming) {
  payment_intent_facts facts;
  facts.id = intent.id;
  facts.status = intent.status;
  facts.amount = intent.amount;
  facts.amount_received = intent.amount_received;
  facts.out_trade_no = intent.metadata.get(naming.order_key);
  facts.shop = intent.metadata.get(naming.shop_key);
  if (was_read(facts)) facts.at = at;
  if (intent.latest_charge)
    facts.latest_charge =
        charge_facts{at, intent.latest_charge->amount_refunded, intent.latest_charge->disputed};
  return facts;
}

// Which answer speaks for the session.
const checkout_facts* speaking(const session_facts& facts) {
  const bool complete = facts.checkout && facts.checkout->status == session_status::complete;
  if (complete && distance(*facts.checkout) == 2) return &*facts.checkout;
  if (facts.expired && !complete) return &*facts.expired;
  const auto& unrecognized = facts.unrecognized;
  if (unrecognized && (!facts.checkout || !is_later(facts.checkout->at, unrecognized->at)) &&
      !facts.expired) {
    return &*unrecognized;
  }
  return facts.checkout ? &*facts.checkout : nullptr;
}

// Before the customer completed the session, these say nothing of the payment.
bool says_nothing_before_completion(payment_intent_status status) {
  return status == payment_intent_status::requires_payment_method ||
         status == payment_intent_status::requires_action ||
         status == payment_intent_status::requires_confirmation;
}

bool is_before(const observed_at& at, const observed_at& since) {
  return at.clock != since.clock || at.time < since.time;
}

metadata metadata_of(const std::string& number, const std::string& shop, const std::string& attempt,
                     const order_naming& naming) {
  std::vector<metadata::entry> entries;
  const auto add = [&](const std::string& key, const std::string& value) {
    if (!value.empty()) entries.emplace_back(key, value);
  };
  add(naming.order_key, number);
  add(naming.shop_key, shop);
  add(naming.attempt_key, attempt);
  return metadata(std::move(entries));
}

session_payment_intent intent_of(const session_facts& facts, const checkout_facts& checkout,
                                 const order_naming& naming) {
  session_payment_intent intent;
  intent.id = checkout.payment_intent;
  for (const payment_intent_facts& each : facts.payment_intents) {
    if (each.id != intent.id) continue;
    intent.amount = each.amount;
    intent.amount_received = each.amount_received;
    intent.metadata = metadata_of(each.out_trade_no, each.shop, "", naming);
    if (each.latest_charge)
      intent.latest_charge =
          session_charge{each.latest_charge->amount_refunded, each.latest_charge->disputed};
    const bool silent = facts.complete_since && is_before(each.at, *facts.complete_since) &&
                        says_nothing_before_completion(each.status.known());
    if (!silent) intent.status = each.status;
  }
  return intent;
}

} // namespace

session_facts facts_of(const observation& observed, const order_naming& naming) {
  const observed_at at{observed.time, observed.clock};
  session_facts facts;
  facts.id = observed.session.id;
  checkout_facts checkout = checkout_of(observed, naming);
  if (checkout.status == session_status::complete) facts.complete_since = at;
  if (!is_recognized(checkout))
    facts.unrecognized = std::move(checkout);
  else if (checkout.status == session_status::expired)
    facts.expired = std::move(checkout);
  else
    facts.checkout = std::move(checkout);
  if (const auto& intent = observed.session.payment_intent)
    facts.payment_intents.push_back(intent_of(*intent, at, naming));
  facts.async_payment_failed = observed.async_payment_failed;
  if (observed.source == observation_source::fetched || !observed.payment_intent_permitted)
    facts.permission = permission_facts{at, observed.payment_intent_permitted};
  facts.recovery_chain = observed.recovery_chain;
  std::sort(facts.recovery_chain.begin(), facts.recovery_chain.end());
  facts.recovery_chain.erase(std::unique(facts.recovery_chain.begin(), facts.recovery_chain.end()),
                             facts.recovery_chain.end());
  return facts;
}

session_facts not_found_facts(std::string session_id, observed_at at) {
  session_facts facts;
  facts.id = std::move(session_id);
  facts.not_found = at;
  return facts;
}

session_facts join(const session_facts& a, const session_facts& b) {
  session_facts both;
  both.id = a.id;
  both.checkout = winner(a.checkout, b.checkout, is_further);
  both.expired = newest(a.expired, b.expired);
  both.unrecognized = newest(a.unrecognized, b.unrecognized);
  both.complete_since = winner(a.complete_since, b.complete_since, is_earlier);
  both.payment_intents = join(a.payment_intents, b.payment_intents);
  both.async_payment_failed = a.async_payment_failed || b.async_payment_failed;
  both.permission = newest(a.permission, b.permission);
  both.recovery_chain = union_of(a.recovery_chain, b.recovery_chain);
  both.not_found = winner(a.not_found, b.not_found, is_later);
  return both;
}

observation observation_of(const session_facts& facts, const order_naming& naming,
                           std::optional<unix_seconds> now) {
  observation made;
  made.session.id = facts.id;
  made.async_payment_failed = facts.async_payment_failed;
  if (facts.permission) made.payment_intent_permitted = facts.permission->payment_intent_permitted;
  made.recovery_chain = facts.recovery_chain;
  if (const checkout_facts* said = speaking(facts)) {
    checkout_session& session = made.session;
    made.time = said->at.time;
    made.clock = said->at.clock;
    made.livemode = said->key_livemode;
    session.status = said->status;
    session.payment_status = said->payment_status;
    session.mode = said->mode;
    session.livemode = said->livemode;
    session.created = said->created;
    session.expires_at = said->expires_at;
    session.amount_subtotal = said->amount_subtotal;
    session.amount_total = said->amount_total;
    session.currency = said->currency;
    session.currency_conversion = said->currency_conversion;
    session.client_reference_id = said->client_reference_id;
    session.metadata = metadata_of(said->out_trade_no, said->shop, said->checkout_attempt, naming);
    session.recovered_from = said->recovered_from;
    if (said->has_recovery_url)
      session.recovery = session_recovery{secret("not kept"), said->recovery_expires_at};
    session.account = said->account;
    session.of_own_account = said->of_own_account;
    session.payment_intent = intent_of(facts, *said, naming);
  }
  if (now && *now > made.time) {
    made.time = *now;
    made.clock = clock_source::local;
  }
  return made;
}

bool operator==(const session_facts& a, const session_facts& b) {
  return to_text(a) == to_text(b);
}

} // namespace v0
} // namespace stripe_return
