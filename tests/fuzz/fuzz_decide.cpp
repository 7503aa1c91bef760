// The bytes are the choices from which session_maker.hpp makes a session and an order. Whatever
// they are, the decision must keep the promises that money and goods rest on.

#include "check.hpp"
#include "session_maker.hpp"

#include <stripe_return/core/decide.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace {

namespace sr = stripe_return;
using fuzz::check;
using payment = sr::session_payment_status;
using status = sr::session_status;

template <class Enum> bool known(const sr::open_enum<Enum>& word) {
  return word != Enum::absent && word != Enum::unrecognized;
}

// What is decided on.
struct question {
  sr::observation observed;
  sr::order_naming naming;
  std::optional<sr::expected_order> expected;

  const sr::checkout_session& session() const { return observed.session; }
};

bool words_known(const sr::checkout_session& session) {
  return known(session.status) && known(session.payment_status) && known(session.mode);
}

sr::payment_intent_status intent_of(const sr::checkout_session& session) {
  return session.payment_intent ? session.payment_intent->status.known()
                                : sr::payment_intent_status::absent;
}

bool intent_has_money(const sr::checkout_session& session) {
  const auto intent = intent_of(session);
  return intent == sr::payment_intent_status::succeeded ||
         intent == sr::payment_intent_status::processing ||
         intent == sr::payment_intent_status::requires_capture;
}

bool partially_captured(const sr::checkout_session& session) {
  return intent_of(session) == sr::payment_intent_status::succeeded &&
         session.payment_intent->amount && session.payment_intent->amount_received &&
         *session.payment_intent->amount_received < *session.payment_intent->amount;
}

bool recoverable(const question& asked) {
  const auto& recovery = asked.session().recovery;
  return recovery && !recovery->url.empty() &&
         (!recovery->expires_at || asked.observed.time < *recovery->expires_at);
}

// A delayed payment of which Stripe has said that it failed, and nothing that says otherwise.
bool payment_failed(const question& asked) {
  const sr::checkout_session& session = asked.session();
  const auto intent = intent_of(session);
  return session.status == status::complete && session.payment_status == payment::unpaid &&
         (intent == sr::payment_intent_status::requires_payment_method ||
          intent == sr::payment_intent_status::canceled ||
          (asked.observed.async_payment_failed && !intent_has_money(session)));
}

// What its PaymentIntent has under a metadata key.
std::string in_payment(const std::string& key, const sr::checkout_session& session) {
  return std::string(session.payment_intent ? session.payment_intent->metadata.get(key) : "");
}

std::set<std::string> numbers_of(const question& asked) {
  const std::string& key = asked.naming.order_key;
  std::set<std::string> numbers{std::string(asked.session().metadata.get(key)),
                                in_payment(key, asked.session())};
  if (asked.naming.client_reference_id) numbers.insert(asked.session().client_reference_id);
  numbers.erase("");
  return numbers;
}

// The session's own word goes before its PaymentIntent's.
std::string shop_of(const question& asked) {
  const std::string& key = asked.naming.shop_key;
  const std::string own(asked.session().metadata.get(key));
  return own.empty() ? in_payment(key, asked.session()) : own;
}

bool issued(const question& asked) {
  std::vector<std::string> own = asked.observed.recovery_chain;
  own.insert(own.end(), {asked.session().id, asked.session().recovered_from});
  const auto& ids = asked.expected->session_ids;
  return std::any_of(own.begin(), own.end(), [&](const std::string& id) {
    return !id.empty() && std::find(ids.begin(), ids.end(), id) != ids.end();
  });
}

bool is_foreign(const question& asked) {
  const std::string& shop = asked.naming.shop;
  const bool known = asked.expected && issued(asked);
  return !shop.empty() && !known && !asked.session().id.empty() && shop_of(asked) != shop;
}

void check_fulfillment(const question& asked, const sr::order_outcome& outcome) {
  const sr::checkout_session& session = asked.session();
  const std::string own = outcome.out_trade_no();
  for (const std::string& other : {std::string(), own + "0", own + '\0', "0" + own,
                                   own.substr(0, own.empty() ? 0 : own.size() - 1)}) {
    check(!outcome.may_fulfill(other), "may_fulfill() is false for every other order number");
  }
  if (!outcome.may_fulfill(own)) return;
  check(!own.empty() && numbers_of(asked) == std::set<std::string>{own},
        "what is fulfilled is the one order that the session names");
  check(words_known(session), "an unknown word never fulfills");
  check(!session.id.empty(), "what has no id never fulfills");
  check(!is_foreign(asked), "another shop's session never fulfills");
  check(!asked.observed.livemode || session.livemode == asked.observed.livemode,
        "a session of the other mode never fulfills");
  check(!partially_captured(session), "a part of the money never fulfills");
  check(session.status == status::complete, "only a complete session fulfills");
  check(session.payment_status == payment::paid
            ? session.mode != sr::session_mode::setup
            : session.payment_status == payment::no_payment_required &&
                  (session.mode != sr::session_mode::payment || session.amount_total == 0),
        "only paid, or nothing to pay, fulfills");
  check(outcome.state() == sr::order_state::paid ||
            outcome.state() == sr::order_state::no_payment_required,
        "the state says so");
  check(outcome.next_step() == sr::next_step::fulfill, "the next step says so");
  check(outcome.final() && outcome.confirmed_by_stripe(), "what is fulfilled is final");
  check(!outcome.may_release(), "what is fulfilled is not released");
}

void check_release(const question& asked, const sr::order_outcome& outcome) {
  const sr::checkout_session& session = asked.session();
  if (!outcome.may_release()) return;
  check(words_known(session), "an unknown word never releases");
  check(!is_foreign(asked), "another shop's session never releases");
  check(payment_failed(asked) ||
            (session.status == status::expired && session.payment_status != payment::paid &&
             !intent_has_money(session) && !recoverable(asked)),
        "only what failed or what Stripe says expired for good is released");
  check(outcome.state() == sr::order_state::failed || outcome.state() == sr::order_state::expired,
        "the state says so too");
}

void check_pay_again(const question& asked, const sr::order_outcome& outcome) {
  const sr::checkout_session& session = asked.session();
  const bool money_may_have_moved = session.payment_status == payment::paid ||
                                    intent_has_money(session) || session.status == status::complete;
  if (payment_failed(asked)) return;
  if (money_may_have_moved) {
    check(outcome.pay_again() == (is_foreign(asked) ? sr::pay_again::unknown : sr::pay_again::no),
          "nobody pays again where money may have moved");
  }
  if (!words_known(session)) {
    check(outcome.pay_again() != sr::pay_again::yes, "nobody pays again on an unknown word");
  }
}

void check_words(const question& asked, const sr::order_outcome& outcome) {
  const sr::checkout_session& session = asked.session();
  using state = sr::order_state;
  if (!words_known(session)) {
    check(outcome.state() == state::undetermined || outcome.state() == state::needs_review ||
              outcome.state() == state::foreign,
          "an unknown word decides nothing");
    check(!outcome.final(), "an unknown word is no last word");
  }
  const bool by_clock_alone =
      outcome.state() == state::expired && outcome.has(sr::reason::expiry_not_confirmed);
  check(outcome.confirmed_by_stripe() ==
            (outcome.state() != state::undetermined && !by_clock_alone),
        "confirmed by Stripe, but when undetermined or expired by a clock");
  check((outcome.state() == state::foreign) == is_foreign(asked), "foreign is another shop's");
  if (session.payment_status == payment::paid && !is_foreign(asked)) {
    check(outcome.state() == state::paid || outcome.state() == state::needs_review ||
              outcome.state() == state::undetermined,
          "a paid session is never dropped");
  }
  const auto reasons = outcome.reasons();
  check(std::is_sorted(reasons.begin(), reasons.end(),
                       [](sr::reason a, sr::reason b) { return to_string(a) < to_string(b); }) &&
            std::adjacent_find(reasons.begin(), reasons.end()) == reasons.end(),
        "reasons are sorted, each once");
}

void check_outcome(const question& asked, const sr::order_outcome& outcome) {
  check_fulfillment(asked, outcome);
  check_release(asked, outcome);
  check_pay_again(asked, outcome);
  check_words(asked, outcome);
}

bool amount_agrees(const sr::checkout_session& session, const sr::expected_order& expected) {
  if (expected.amount_rule == sr::amount_rule::unchecked ||
      session.mode == sr::session_mode::setup) {
    return true;
  }
  const auto& conversion = session.currency_conversion;
  const std::string currency = conversion ? conversion->source_currency : session.currency;
  const auto total = conversion ? conversion->amount_total : session.amount_total;
  const auto subtotal = conversion ? conversion->amount_subtotal : session.amount_subtotal;
  for (const sr::money& allowed : expected.amounts) {
    if (allowed.currency() != currency) continue;
    switch (expected.amount_rule) {
    case sr::amount_rule::total_exact:
      if (total == allowed.minor_units()) return true;
      break;
    case sr::amount_rule::subtotal_exact:
      if (subtotal == allowed.minor_units()) return true;
      break;
    case sr::amount_rule::total_at_least:
      if (total && *total >= allowed.minor_units()) return true;
      break;
    case sr::amount_rule::unchecked: return true;
    }
  }
  return false;
}

bool agrees(const question& asked) {
  const sr::checkout_session& session = asked.session();
  const sr::expected_order& expected = *asked.expected;
  return numbers_of(asked) == std::set<std::string>{expected.out_trade_no} &&
         (expected.mode == sr::session_mode::absent || session.mode == expected.mode) &&
         (!expected.livemode || session.livemode == expected.livemode) &&
         (!asked.observed.livemode || session.livemode == asked.observed.livemode) &&
         (session.account == expected.account ||
          (expected.account.empty() && session.of_own_account)) &&
         (expected.session_ids.empty() || issued(asked)) && amount_agrees(session, expected);
}

void check_against_order(const question& asked, const sr::order_outcome& outcome) {
  const sr::checkout_session& session = asked.session();
  const sr::expected_order& expected = *asked.expected;
  const bool fulfilled = outcome.may_fulfill(outcome.out_trade_no());
  if (!agrees(asked)) {
    check(!fulfilled, "a session that disagrees with the order never fulfills");
    // Stock is held for an order, and this session is not shown to be that order's.
    const auto numbers = numbers_of(asked);
    check(numbers.empty() || numbers == std::set<std::string>{expected.out_trade_no} ||
              !outcome.may_release(),
          "a session of another order releases nothing");
  } else if (session.status == status::complete && session.payment_status == payment::paid &&
             known(session.mode) && session.mode != sr::session_mode::setup &&
             !session.id.empty() && !is_foreign(asked) && !partially_captured(session)) {
    check(outcome.may_fulfill(expected.out_trade_no), "a paid session that agrees is fulfilled");
  }
  if (fulfilled && session.mode == sr::session_mode::setup) {
    check(expected.mode == sr::session_mode::setup, "a setup fulfills only where it was expected");
  }
}

bool same(const sr::order_outcome& a, const sr::order_outcome& b) {
  return a.state() == b.state() && a.final() == b.final() && a.out_trade_no() == b.out_trade_no() &&
         a.may_fulfill(a.out_trade_no()) == b.may_fulfill(b.out_trade_no()) &&
         a.may_release() == b.may_release() && a.pay_again() == b.pay_again() &&
         a.next_step() == b.next_step() && a.confirmed_by_stripe() == b.confirmed_by_stripe() &&
         a.reasons() == b.reasons();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::byte_source bytes(data, size);
  question asked;
  asked.observed.session = fuzz::session(bytes);
  const sr::checkout_session& session = asked.session();
  const sr::expected_order expected = fuzz::order(bytes, session);
  fuzz::circumstances(bytes, asked.observed);
  asked.naming = fuzz::naming(bytes);

  const sr::order_outcome alone = sr::decide_unchecked(asked.observed, asked.naming);
  check_outcome(asked, alone);
  check(!alone.may_fulfill(alone.out_trade_no()) || session.mode != sr::session_mode::setup,
        "a setup fulfills only where it was expected");
  const bool of_own_account = session.account.empty() || session.of_own_account;
  check(!alone.may_fulfill(alone.out_trade_no()) || of_own_account,
        "another account's session fulfills only where an order names the account");
  const bool foreign_alone = is_foreign(asked);

  asked.expected = expected;
  const sr::order_outcome outcome = sr::decide(asked.observed, expected, asked.naming);
  check_outcome(asked, outcome);
  check_against_order(asked, outcome);
  check(same(outcome, sr::decide(asked.observed, expected, asked.naming)),
        "the same facts, the same answer");
  check(!outcome.may_fulfill(expected.out_trade_no) || session.mode == sr::session_mode::setup ||
            !of_own_account || foreign_alone || alone.may_fulfill(expected.out_trade_no),
        "an order can forbid what the session allows, never allow more than a setup, another "
        "account's session, or one that it was issued, that it expects");
  return 0;
}
