#include "program/expectations.hpp"

#include "program/number.hpp"

#include <cstdint>
#include <utility>

namespace program {
namespace {

namespace sr = stripe_return;

std::optional<sr::amount_rule> to_amount_rule(const std::string& text) {
  for (const auto rule : {sr::amount_rule::total_exact, sr::amount_rule::subtotal_exact,
                          sr::amount_rule::total_at_least, sr::amount_rule::unchecked}) {
    if (to_string(rule) == text) return rule;
  }
  return std::nullopt;
}

std::optional<sr::session_mode> to_mode(const std::string& text) {
  const sr::open_enum<sr::session_mode> mode(text);
  if (mode == sr::session_mode::absent || mode == sr::session_mode::unrecognized) {
    return std::nullopt;
  }
  return mode.known();
}

std::optional<sr::livemode> to_livemode(const std::string& text) {
  if (text == "true") return sr::livemode::live;
  if (text == "false") return sr::livemode::test;
  return std::nullopt;
}

std::optional<std::string> to_text(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

template <class T>
std::string take(std::optional<T>& target, std::optional<T> value, const std::string& key,
                 const char* wanted) {
  if (target) return "--expect " + key + " is there twice";
  if (!value) return "--expect " + key + " takes " + wanted;
  target = std::move(value);
  return {};
}

} // namespace

std::string expectations::add(const std::string& key_and_value) {
  const std::size_t equals = key_and_value.find('=');
  if (equals == std::string::npos) return "--expect takes KEY=VALUE";
  const std::string key = key_and_value.substr(0, equals);
  const std::string value = key_and_value.substr(equals + 1);
  empty_ = false;
  if (key == "out_trade_no") return take(out_trade_no_, to_text(value), key, "an order number");
  if (key == "amount")
    return take(amount_, to_number<std::int64_t>(value), key, "an integer in minor units");
  if (key == "currency") return take(currency_, to_text(value), key, "an ISO 4217 code");
  if (key == "amount_rule") {
    return take(amount_rule_, to_amount_rule(value), key,
                "total_exact, subtotal_exact, total_at_least or unchecked");
  }
  if (key == "mode") return take(mode_, to_mode(value), key, "payment, setup or subscription");
  if (key == "livemode") return take(livemode_, to_livemode(value), key, "true or false");
  if (key == "account") return take(account_, to_text(value), key, "an account, acct_...");
  if (key == "shop") return take(shop_, to_text(value), key, "a shop's name");
  return "--expect knows out_trade_no, amount, currency, amount_rule, mode, livemode, account and "
         "shop";
}

std::string expectations::check() const {
  if (!amount_rule_) return {};
  const bool compares = *amount_rule_ != sr::amount_rule::unchecked;
  const bool given = amount_ || currency_;
  if (compares && !given) return "--expect amount_rule needs an amount";
  if (!compares && given) return "--expect amount_rule=unchecked leaves no amount to compare";
  return {};
}

sr::order_outcome expectations::decide(const sr::observation& observed,
                                       const std::string& order_key) const {
  sr::order_naming naming;
  naming.order_key = order_key;
  naming.shop = shop_.value_or(std::string());
  if (empty_) return sr::decide_unchecked(observed, naming);
  return sr::decide(observed, order_for(observed.session, naming), naming);
}

sr::expected_order expectations::order_for(const sr::checkout_session& session,
                                           const sr::order_naming& naming) const {
  sr::expected_order order;
  order.out_trade_no = out_trade_no_ ? *out_trade_no_ : sr::order_number_of(session, naming);
  order.account = account();
  order.mode = mode_.value_or(sr::session_mode::absent);
  order.livemode = livemode_;
  if (!amount_ && !currency_) {
    order.amount_rule = sr::amount_rule::unchecked;
    return order;
  }
  order.amount_rule = amount_rule_.value_or(sr::amount_rule::total_exact);
  const auto& conversion = session.currency_conversion;
  const auto total = conversion ? conversion->amount_total : session.amount_total;
  const auto subtotal = conversion ? conversion->amount_subtotal : session.amount_subtotal;
  const auto amount = order.amount_rule == sr::amount_rule::subtotal_exact ? subtotal : total;
  const std::string& currency = conversion ? conversion->source_currency : session.currency;
  order.amounts.emplace_back(amount_ ? *amount_ : amount.value_or(0), currency_.value_or(currency));
  return order;
}

} // namespace program
