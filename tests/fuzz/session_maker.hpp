#pragma once

#include "byte_source.hpp"

#include <stripe_return/core/decide.hpp>

#include <optional>
#include <string>
#include <vector>

// Makes sessions, and orders to hold them against, as the fuzzer's bytes say: words known and
// unknown, numbers at their limits, fields that are not there.
namespace fuzz {

namespace sr = stripe_return;

inline std::int64_t number(byte_source& bytes) {
  const std::int64_t numbers[] = {
      0,          1,          -1,           400,       401,       1774256386,       1774342785,
      1774342786, 1774342787, 253402300799, INT64_MAX, INT64_MIN, INT64_MAX - 86399};
  return bytes.flag() ? bytes.pick(numbers) : bytes.integer();
}

inline std::optional<std::int64_t> maybe_number(byte_source& bytes) {
  if (bytes.below(4) == 0) return {};
  return number(bytes);
}

inline std::string short_text(byte_source& bytes) {
  const char* texts[] = {"", "A1", "A2", "A", "1774256382025448500"};
  return bytes.below(8) == 0 ? bytes.text(8) : bytes.pick(texts);
}

inline std::string id(byte_source& bytes) {
  const char* ids[] = {"cs_test_a", "cs_test_b", "cs_test_c", ""};
  return bytes.pick(ids);
}

inline std::string currency(byte_source& bytes) {
  const char* currencies[] = {"cny", "usd", "jpy", "CNY", ""};
  return bytes.pick(currencies);
}

template <class Enum, std::size_t N>
sr::open_enum<Enum> word(byte_source& bytes, const char* const (&known)[N]) {
  const std::uint8_t which = bytes.byte();
  if (which >= 240) return sr::open_enum<Enum>(bytes.text(8));
  if (which >= 232) return sr::open_enum<Enum>("paid_out"); // not one of Stripe's
  return sr::open_enum<Enum>(known[which % N]);
}

inline sr::metadata metadata(byte_source& bytes) {
  std::vector<sr::metadata::entry> entries;
  const std::size_t count = bytes.below(3);
  for (std::size_t i = 0; i != count; ++i) {
    const char* keys[] = {"out_trade_no", "order", "out_trade_n", ""};
    std::string key = bytes.pick(keys);
    entries.emplace_back(std::move(key), short_text(bytes));
  }
  return sr::metadata(std::move(entries));
}

inline sr::checkout_session session(byte_source& bytes) {
  static const char* const statuses[] = {"complete", "open", "expired", ""};
  static const char* const payment_statuses[] = {"paid", "unpaid", "no_payment_required", ""};
  static const char* const modes[] = {"payment", "setup", "subscription", "payment", ""};
  static const char* const intent_statuses[] = {"canceled",
                                                "processing",
                                                "requires_action",
                                                "requires_capture",
                                                "succeeded",
                                                "requires_confirmation",
                                                "requires_payment_method",
                                                ""};
  sr::checkout_session made;
  made.status = word<sr::session_status>(bytes, statuses);
  made.payment_status = word<sr::session_payment_status>(bytes, payment_statuses);
  made.mode = word<sr::session_mode>(bytes, modes);
  made.metadata = metadata(bytes);
  made.amount_total = maybe_number(bytes);
  made.currency = currency(bytes);
  if (bytes.below(4) != 0) made.livemode = bytes.flag() ? sr::livemode::live : sr::livemode::test;
  made.id = id(bytes);
  made.created = maybe_number(bytes);
  made.expires_at = maybe_number(bytes);
  made.amount_subtotal = maybe_number(bytes);
  if (bytes.flag()) {
    auto& intent = made.payment_intent.emplace();
    intent.id = "pi_1";
    intent.status = word<sr::payment_intent_status>(bytes, intent_statuses);
    intent.metadata = metadata(bytes);
    intent.amount = maybe_number(bytes);
    intent.amount_received = bytes.flag() ? intent.amount : maybe_number(bytes);
  }
  if (bytes.below(4) == 0) {
    auto& conversion = made.currency_conversion.emplace();
    conversion.amount_total = maybe_number(bytes);
    conversion.amount_subtotal = maybe_number(bytes);
    conversion.source_currency = currency(bytes);
  }
  if (bytes.below(4) == 0) {
    auto& recovery = made.recovery.emplace();
    recovery.url = bytes.flag() ? "https://buy.stripe.com/r/1" : "";
    recovery.expires_at = maybe_number(bytes);
  }
  made.client_reference_id = short_text(bytes);
  made.recovered_from = id(bytes);
  made.account = bytes.below(4) == 0 ? "acct_1" : "";
  made.of_own_account = bytes.flag();
  return made;
}

// Much of it taken from the session, else hardly any order would agree with its session.
inline sr::expected_order order(byte_source& bytes, const sr::checkout_session& session) {
  sr::expected_order made;
  const std::string named(session.metadata.get("out_trade_no"));
  made.out_trade_no = bytes.below(4) != 0 ? named : short_text(bytes);
  const std::size_t count = bytes.below(3);
  for (std::size_t i = 0; i != count; ++i) {
    const std::string allowed = bytes.flag() ? session.currency : currency(bytes);
    made.amounts.emplace_back(
        bytes.flag() && session.amount_total ? *session.amount_total : number(bytes), allowed);
  }
  const sr::amount_rule rules[] = {sr::amount_rule::total_exact, sr::amount_rule::total_exact,
                                   sr::amount_rule::subtotal_exact, sr::amount_rule::total_at_least,
                                   sr::amount_rule::unchecked};
  made.amount_rule = bytes.pick(rules);
  const sr::session_mode modes[] = {session.mode.known(), sr::session_mode::payment,
                                    sr::session_mode::setup, sr::session_mode::subscription,
                                    sr::session_mode::absent};
  made.mode = bytes.pick(modes);
  if (bytes.flag()) made.livemode = bytes.flag() ? sr::livemode::live : sr::livemode::test;
  if (bytes.below(4) == 0) made.account = bytes.flag() ? "acct_1" : "acct_2";
  const std::size_t issued = bytes.below(3);
  for (std::size_t i = 0; i != issued; ++i)
    made.session_ids.push_back(id(bytes));
  return made;
}

// All of an observation but its session.
inline void circumstances(byte_source& bytes, sr::observation& observed) {
  observed.time = number(bytes);
  observed.async_payment_failed = bytes.below(4) == 0;
  observed.payment_intent_permitted = bytes.below(4) != 0;
  if (bytes.flag()) observed.clock = sr::clock_source::stripe;
  if (bytes.flag()) observed.livemode = bytes.flag() ? sr::livemode::live : sr::livemode::test;
  if (bytes.below(4) == 0) observed.recovery_chain = {id(bytes), id(bytes)};
}

inline sr::order_naming naming(byte_source& bytes) {
  sr::order_naming made;
  if (bytes.below(8) == 0) made.order_key = short_text(bytes);
  made.client_reference_id = bytes.below(4) == 0;
  if (bytes.below(4) == 0) made.shop_key = bytes.flag() ? "out_trade_no" : "order_id";
  if (bytes.below(4) == 0) made.shop = bytes.flag() ? "A1" : short_text(bytes);
  return made;
}

} // namespace fuzz
