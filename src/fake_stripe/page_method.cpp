#include "fake_stripe/page_method.hpp"

#include <algorithm>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

// Delayed: https://docs.stripe.com/payments/payment-methods#payment-notification
constexpr page_method methods[] = {
    {"card", {"Card", "银行卡"}, method_icon::card, false},
    {"alipay", {"Alipay", "支付宝"}, method_icon::alipay, false},
    {"wechat_pay", {"WeChat Pay", "微信支付"}, method_icon::wechat_pay, false},
    {"link", {"Link", "Link"}, method_icon::wallet, false},
    {"paypal", {"PayPal", "PayPal"}, method_icon::wallet, false},
    {"klarna", {"Klarna", "Klarna"}, method_icon::wallet, false},
    {"ideal", {"iDEAL", "iDEAL"}, method_icon::bank, false},
    {"bancontact", {"Bancontact", "Bancontact"}, method_icon::bank, false},
    {"eps", {"EPS", "EPS"}, method_icon::bank, false},
    {"p24", {"Przelewy24", "Przelewy24"}, method_icon::bank, false},
    {"acss_debit", {"Pre-authorized debit", "预授权借记"}, method_icon::bank, true},
    {"au_becs_debit", {"BECS Direct Debit", "BECS 直接借记"}, method_icon::bank, true},
    {"bacs_debit", {"Bacs Direct Debit", "Bacs 直接借记"}, method_icon::bank, true},
    {"customer_balance", {"Bank transfer", "银行转账"}, method_icon::bank, true},
    {"sepa_debit", {"SEPA Direct Debit", "SEPA 直接借记"}, method_icon::bank, true},
    {"us_bank_account", {"US bank account", "美国银行账户"}, method_icon::bank, true},
    {"boleto", {"Boleto", "Boleto"}, method_icon::voucher, true},
    {"konbini", {"Konbini", "便利店付款"}, method_icon::voucher, true},
    {"multibanco", {"Multibanco", "Multibanco"}, method_icon::voucher, true},
    {"oxxo", {"OXXO", "OXXO"}, method_icon::voucher, true},
};

} // namespace

page_method page_method_of(std::string_view type) {
  const auto* const known =
      std::find_if(std::begin(methods), std::end(methods),
                   [type](const page_method& each) { return each.type == type; });
  return known == std::end(methods) ? page_method{type, {type, type}} : *known;
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
