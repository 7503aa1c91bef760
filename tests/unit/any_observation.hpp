// Observations of every kind, for RapidCheck. Few different values, so that they often agree.
#pragma once

#include <stripe_return/core/decide.hpp>

#include <rapidcheck.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace any {

namespace sr = stripe_return;
namespace gen = rc::gen;

inline std::string status_word() {
  return *gen::weightedOneOf<std::string>(
      {{9, gen::element<std::string>("open", "complete", "complete", "complete", "expired", "")},
       {1, gen::arbitrary<std::string>()}});
}
inline std::string payment_status_word() {
  return *gen::weightedOneOf<std::string>(
      {{9, gen::element<std::string>("paid", "paid", "unpaid", "no_payment_required", "")},
       {1, gen::arbitrary<std::string>()}});
}
inline std::string mode_word() {
  return *gen::weightedOneOf<std::string>(
      {{9, gen::element<std::string>("payment", "payment", "setup", "subscription", "")},
       {1, gen::arbitrary<std::string>()}});
}
inline std::string intent_word() {
  return *gen::weightedOneOf<std::string>(
      {{9, gen::element<std::string>("", "canceled", "processing", "requires_action",
                                     "requires_capture", "requires_confirmation",
                                     "requires_payment_method", "succeeded")},
       {1, gen::arbitrary<std::string>()}});
}

inline std::string order_number() {
  return *gen::element<std::string>("", "A1", "A1", "A2");
}
inline std::string session_name() {
  return *gen::element<std::string>("", "cs_1", "cs_1", "cs_2");
}
inline std::string currency() {
  return *gen::element<std::string>("cny", "cny", "usd", "");
}
inline std::optional<std::int64_t> amount() {
  return *gen::element<std::optional<std::int64_t>>(std::nullopt, 0, 400, 400, 401, INT64_MIN,
                                                    INT64_MAX);
}
inline std::optional<sr::unix_seconds> time() {
  return *gen::element<std::optional<sr::unix_seconds>>(std::nullopt, 1, 1000, 86400, 253402300799);
}
inline std::optional<sr::livemode> livemode() {
  return *gen::element<std::optional<sr::livemode>>(std::nullopt, sr::livemode::test,
                                                    sr::livemode::test, sr::livemode::live);
}
inline sr::metadata metadata_of(const std::string& number) {
  return number.empty() ? sr::metadata{}
                        : sr::metadata(std::vector<sr::metadata::entry>{{"out_trade_no", number}});
}

inline sr::checkout_session any_session() {
  sr::checkout_session session;
  session.id = session_name();
  session.status = sr::open_enum<sr::session_status>(status_word());
  session.payment_status = sr::open_enum<sr::session_payment_status>(payment_status_word());
  session.mode = sr::open_enum<sr::session_mode>(mode_word());
  session.livemode = livemode();
  session.created = time();
  session.expires_at = time();
  session.amount_subtotal = amount();
  session.amount_total = amount();
  session.currency = currency();
  if (*gen::inRange(0, 4) == 0)
    session.currency_conversion = sr::session_currency_conversion{amount(), amount(), currency()};
  session.client_reference_id = order_number();
  session.metadata = metadata_of(order_number());
  if (*gen::arbitrary<bool>()) {
    session.payment_intent.emplace();
    session.payment_intent->id = "pi_1";
    session.payment_intent->status = sr::open_enum<sr::payment_intent_status>(intent_word());
    session.payment_intent->amount = amount();
    session.payment_intent->amount_received = amount();
    session.payment_intent->metadata = metadata_of(order_number());
    if (*gen::arbitrary<bool>())
      session.payment_intent->latest_charge =
          sr::session_charge{amount().value_or(0), *gen::arbitrary<bool>()};
  }
  session.recovered_from = session_name();
  if (*gen::arbitrary<bool>())
    session.recovery = sr::session_recovery{*gen::arbitrary<bool>() ? "https://x" : "", time()};
  session.account = *gen::element<std::string>("", "", "acct_1");
  session.of_own_account = *gen::arbitrary<bool>();
  return session;
}

// An order that agrees in most, or the agreement would hardly ever be tried.
inline sr::expected_order any_order_for(const sr::checkout_session& session) {
  const auto agree = [] { return *gen::inRange(0, 8) != 0; };
  sr::expected_order order;
  order.out_trade_no = agree() ? std::string(session.metadata.get("out_trade_no")) : order_number();
  if (agree()) order.amounts.emplace_back(session.amount_total.value_or(400), session.currency);
  if (!agree()) order.amounts.emplace_back(amount().value_or(400), currency());
  order.amount_rule = *gen::element(sr::amount_rule::total_exact, sr::amount_rule::subtotal_exact,
                                    sr::amount_rule::total_at_least, sr::amount_rule::unchecked);
  order.mode = agree() ? session.mode.known()
                       : *gen::element(sr::session_mode::absent, sr::session_mode::payment,
                                       sr::session_mode::setup, sr::session_mode::subscription);
  order.livemode = agree() ? session.livemode : livemode();
  order.account = agree() ? session.account : *gen::element<std::string>("", "acct_1");
  if (*gen::arbitrary<bool>()) order.session_ids = {agree() ? session.id : session_name()};
  return order;
}

inline sr::order_naming any_naming() {
  sr::order_naming naming;
  naming.client_reference_id = *gen::arbitrary<bool>();
  naming.shop_key = *gen::element<std::string>("shop", "out_trade_no");
  naming.shop = *gen::element<std::string>("", "", "A1", "A2");
  return naming;
}

// `session` is any, or one of the caller's.
inline sr::observation any_observation_of(sr::checkout_session session) {
  sr::observation seen;
  seen.session = std::move(session);
  seen.time = *gen::element<sr::unix_seconds>(0, 999, 1000, 86400, 86401, INT64_MAX);
  seen.clock = *gen::element(sr::clock_source::local, sr::clock_source::stripe);
  seen.source = *gen::element(sr::observation_source::fetched, sr::observation_source::listed,
                              sr::observation_source::event);
  seen.async_payment_failed = *gen::arbitrary<bool>();
  seen.payment_intent_permitted = *gen::inRange(0, 4) != 0;
  seen.livemode = livemode();
  if (*gen::arbitrary<bool>()) seen.recovery_chain = {session_name(), session_name()};
  return seen;
}
inline sr::observation any_observation() {
  return any_observation_of(any_session());
}

} // namespace any
