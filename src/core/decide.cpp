#include <stripe_return/core/decide.hpp>

#include "core/named_order.hpp"
#include "core/recovery_chain.hpp"

#include <algorithm>

namespace stripe_return {
inline namespace v0 {

// One decision: the table first, then whose session it is, then the order.
class decision {
public:
  // Of the observation all but its session.
  decision(const checkout_session& session, const observation& seen, const expected_order* expected,
           const order_naming& naming)
      : session_(session), seen_(seen), expected_(expected), naming_(naming),
        named_(named_by(session, naming)) {}

  order_outcome outcome() && {
    decide();
    return std::move(outcome_);
  }

private:
  void decide() {
    judge();
    if (!expected_) because(reason::not_checked_against_order);
    if (!seen_.payment_intent_permitted) because(reason::payment_intent_not_permitted);
    outcome_.out_trade_no_ = named_.number;
    if (session_.id.empty()) return nobodys_session();
    if (!naming_.shop.empty() && named_.shop != naming_.shop && !is_known()) return foreign();
    require_setup();
    if (!undetermined() && is_partially_captured()) disagree(reason::partially_captured);
    require_number();
    compare_livemode();
    if (!of_account(expected_ ? expected_->account : std::string())) {
      disagree(reason::account_mismatch);
    }
    if (expected_) compare(*expected_);
  }

  void because(reason why) noexcept {
    outcome_.reasons_ |= std::uint64_t{1} << static_cast<unsigned>(why);
  }

  void set(order_state state, bool final, next_step step, pay_again answer) noexcept {
    outcome_.state_ = state;
    outcome_.final_ = final;
    outcome_.next_step_ = step;
    outcome_.pay_again_ = answer;
    outcome_.confirmed_ = state != order_state::undetermined;
  }

  void judge() {
    if (!words_recognized()) return;
    switch (session_.status.known()) {
    case session_status::complete: return judge_complete();
    case session_status::open: return judge_open();
    case session_status::expired: return judge_expired();
    case session_status::absent:
    case session_status::unrecognized: return;
    }
  }

  bool words_recognized() {
    const bool status = is_recognized(session_.status);
    const bool payment_status = is_recognized(session_.payment_status);
    const bool mode = is_recognized(session_.mode);
    if (!status) because(reason::unrecognized_status);
    if (!payment_status) because(reason::unrecognized_payment_status);
    if (!mode) because(reason::unrecognized_mode);
    be_undetermined();
    return status && payment_status && mode;
  }

  void be_undetermined() {
    const bool money_may_have_moved = session_.status == session_status::complete ||
                                      session_.payment_status == session_payment_status::paid ||
                                      payment_intent_has_money();
    set(order_state::undetermined, false, next_step::ask_again,
        money_may_have_moved ? pay_again::no : pay_again::unknown);
    forbid();
  }

  // What Stripe never sends, whatever else it says.
  void nobodys_session() {
    be_undetermined();
    because(reason::session_id_missing);
  }

  // Of another system in the same Stripe account, with numbers of its own.
  void foreign() {
    set(order_state::foreign, outcome_.final_, next_step::none, pay_again::unknown);
    forbid();
    because(reason::shop_mismatch);
  }

  void forbid() noexcept {
    outcome_.fulfillable_ = false;
    outcome_.may_release_ = false;
  }

  void judge_complete() {
    switch (session_.payment_status.known()) {
    case session_payment_status::paid:
      if (session_.mode == session_mode::setup) return review(true, reason::setup_paid);
      set(order_state::paid, true, next_step::fulfill, pay_again::no);
      outcome_.fulfillable_ = true;
      return;
    case session_payment_status::no_payment_required:
      if (session_.mode == session_mode::payment && session_.amount_total != 0) {
        return review(true, reason::amount_not_zero);
      }
      set(order_state::no_payment_required, true, next_step::fulfill, pay_again::no);
      outcome_.fulfillable_ = true;
      return;
    case session_payment_status::unpaid: return judge_complete_unpaid();
    case session_payment_status::absent:
    case session_payment_status::unrecognized: return;
    }
  }

  // Nothing on the session tells a payment that is on its way from one that failed.
  void judge_complete_unpaid() {
    switch (payment_intent()) {
    case payment_intent_status::requires_payment_method: return fail(reason::async_payment_failed);
    case payment_intent_status::canceled: return fail(reason::payment_intent_canceled);
    case payment_intent_status::succeeded:
      set(order_state::processing, false, next_step::ask_again, pay_again::no);
      return because(reason::ask_again);
    case payment_intent_status::requires_capture:
      set(order_state::processing, false, next_step::wait, pay_again::no);
      return because(reason::capture_required);
    case payment_intent_status::processing:
      return set(order_state::processing, false, next_step::wait, pay_again::no);
    case payment_intent_status::requires_action:
      if (seen_.async_payment_failed) return fail(reason::async_payment_failed);
      set(order_state::processing, false, next_step::wait, pay_again::no);
      return because(reason::customer_action_pending);
    case payment_intent_status::requires_confirmation:
    case payment_intent_status::unrecognized:
    case payment_intent_status::absent:
      if (seen_.async_payment_failed) return fail(reason::async_payment_failed);
      return set(order_state::processing, false, next_step::wait, pay_again::no);
    }
  }

  void fail(reason why) {
    set(order_state::failed, true, next_step::new_checkout, pay_again::yes);
    outcome_.may_release_ = true;
    because(why);
  }

  void judge_open() {
    if (session_.payment_status == session_payment_status::paid) {
      return because(reason::ask_again); // undetermined
    }
    if (past_expiry()) {
      set(order_state::expired, false, next_step::ask_again, pay_again::unknown);
      outcome_.confirmed_ = false;
      because(reason::expiry_not_confirmed);
      if (seen_.clock == clock_source::local) because(reason::local_clock);
    } else {
      set(order_state::awaiting_payment, false, next_step::resume,
          payment_intent() == payment_intent_status::unrecognized ? pay_again::unknown
                                                                  : pay_again::yes);
    }
    if (payment_intent_has_money()) {
      because(reason::money_may_have_moved);
      outcome_.next_step_ = next_step::ask_again;
      outcome_.pay_again_ = pay_again::no;
    }
  }

  void judge_expired() {
    if (session_.payment_status == session_payment_status::paid) {
      return review(false, reason::expired_but_paid);
    }
    if (payment_intent_has_money()) {
      because(reason::money_may_have_moved);
      return set(order_state::expired, true, next_step::contact_shop, pay_again::no);
    }
    set(order_state::expired, true, recoverable() ? next_step::recover : next_step::new_checkout,
        pay_again::yes);
    outcome_.may_release_ = !recoverable();
  }

  // A saved payment method is worth something only to an order that is about saving one.
  void require_setup() noexcept {
    if (session_.mode != session_mode::setup ||
        outcome_.state_ != order_state::no_payment_required ||
        (expected_ && expected_->mode == session_mode::setup)) {
      return;
    }
    because(reason::setup_not_expected);
    outcome_.fulfillable_ = false;
    outcome_.next_step_ = next_step::none;
  }

  void require_number() {
    if (named_.conflict) return disagree(reason::out_trade_no_conflict);
    if (!named_.number.empty() || undetermined()) return;
    if (outcome_.state_ == order_state::paid) return disagree(reason::out_trade_no_missing);
    because(reason::out_trade_no_missing);
    if (outcome_.next_step_ == next_step::fulfill) outcome_.next_step_ = next_step::contact_shop;
  }

  // Whatever the order leaves open, a test session is no live order's.
  void compare_livemode() {
    if (undetermined() && !session_.livemode) return;
    const auto differs = [&](std::optional<livemode> mode) {
      return mode && mode != session_.livemode;
    };
    if (differs(seen_.livemode) || (expected_ && differs(expected_->livemode))) {
      disagree(reason::livemode_mismatch);
    }
  }

  // A fact that is missing disagrees too, unless Stripe's whole answer is still to come.
  void compare(const expected_order& expected) {
    const bool complete = !undetermined();
    if (named_.number.empty()) outcome_.may_release_ = false; // it may be another order's session
    if (named_.number != expected.out_trade_no && !named_.number.empty()) {
      disagree(reason::out_trade_no_mismatch);
    }
    if (expected.mode != session_mode::absent && session_.mode != expected.mode &&
        is_recognized(session_.mode)) {
      disagree(reason::mode_mismatch);
    }
    if (!expected.session_ids.empty() && !is_known()) disagree(reason::session_not_issued);
    if (session_.mode != session_mode::setup) compare_amount(expected, complete);
  }

  void compare_amount(const expected_order& expected, bool complete) {
    if (expected.amount_rule == amount_rule::unchecked) return because(reason::amount_not_checked);
    // What the customer saw in another currency (presentment_details) says nothing of the order.
    const auto& conversion = session_.currency_conversion;
    const std::string& currency = conversion ? conversion->source_currency : session_.currency;
    const auto total = conversion ? conversion->amount_total : session_.amount_total;
    const auto subtotal = conversion ? conversion->amount_subtotal : session_.amount_subtotal;
    const auto amount = expected.amount_rule == amount_rule::subtotal_exact ? subtotal : total;

    const auto agrees = [&](const money& allowed) {
      if (allowed.currency() != currency || !amount) return false;
      return expected.amount_rule == amount_rule::total_at_least ? *amount >= allowed.minor_units()
                                                                 : *amount == allowed.minor_units();
    };
    const auto& allowed = expected.amounts;
    if (std::any_of(allowed.begin(), allowed.end(), agrees)) return;
    const bool currency_allowed =
        std::any_of(allowed.begin(), allowed.end(),
                    [&](const money& each) { return each.currency() == currency; });
    if (!complete && (currency.empty() || !amount)) return;
    disagree(currency_allowed || allowed.empty() ? reason::amount_mismatch
                                                 : reason::currency_mismatch);
  }

  bool of_account(const std::string& account) const noexcept {
    if (account.empty() && session_.of_own_account) return true;
    return session_.account == account;
  }

  // Whether it is one of the sessions made for the order, or continues one.
  bool is_known() const {
    return expected_ && continues_one_of(*expected_, session_, seen_.recovery_chain);
  }

  // https://docs.stripe.com/payments/place-a-hold-on-a-payment-method: what is left is gone.
  bool is_partially_captured() const noexcept {
    const auto& intent = session_.payment_intent;
    return payment_intent() == payment_intent_status::succeeded && intent->amount &&
           intent->amount_received && *intent->amount_received < *intent->amount;
  }

  void review(bool final, reason why) {
    set(order_state::needs_review, final, next_step::contact_shop, pay_again::no);
    because(why);
  }

  // A person must look. What Stripe said of the session stays: whether it is final, whether money
  // may have moved.
  void disagree(reason why) {
    set(order_state::needs_review, outcome_.final_, next_step::contact_shop,
        outcome_.pay_again_ == pay_again::no ? pay_again::no : pay_again::unknown);
    forbid();
    because(why);
  }

  template <class Enum> static bool is_recognized(const open_enum<Enum>& word) noexcept {
    return word != Enum::absent && word != Enum::unrecognized;
  }

  bool undetermined() const noexcept { return outcome_.state_ == order_state::undetermined; }

  payment_intent_status payment_intent() const noexcept {
    return session_.payment_intent ? session_.payment_intent->status.known()
                                   : payment_intent_status::absent;
  }

  bool payment_intent_has_money() const noexcept {
    switch (payment_intent()) {
    case payment_intent_status::succeeded:
    case payment_intent_status::processing:
    case payment_intent_status::requires_capture: return true;
    default: return false;
    }
  }

  // https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at
  bool past_expiry() const noexcept {
    constexpr std::uint64_t default_lifetime = 24 * 60 * 60;
    if (session_.expires_at) return seen_.time >= *session_.expires_at;
    // Compared so that no sum overflows, whatever an application has put into either.
    return session_.created && seen_.time >= *session_.created &&
           static_cast<std::uint64_t>(seen_.time) - static_cast<std::uint64_t>(*session_.created) >=
               default_lifetime;
  }

  bool recoverable() const noexcept {
    const auto& recovery = session_.recovery;
    return recovery && !recovery->url.empty() &&
           (!recovery->expires_at || seen_.time < *recovery->expires_at);
  }

  const checkout_session& session_;
  const observation& seen_;
  const expected_order* const expected_;
  const order_naming& naming_;
  const named_order named_;
  order_outcome outcome_;
};

order_outcome decide(const observation& observed, const expected_order& expected,
                     const order_naming& naming) {
  return decision(observed.session, observed, &expected, naming).outcome();
}

order_outcome decide_unchecked(const observation& observed, const order_naming& naming) {
  return decision(observed.session, observed, nullptr, naming).outcome();
}

order_outcome decide(const checkout_session& session, const expected_order& expected,
                     unix_seconds now) {
  observation seen;
  seen.time = now;
  return decision(session, seen, &expected, {}).outcome();
}

} // namespace v0
} // namespace stripe_return
