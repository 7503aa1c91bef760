#include "fake_stripe/page_method.hpp"

#include <algorithm>

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

// https://docs.stripe.com/payments/payment-methods/payment-method-support#product-support, and
// delayed: https://docs.stripe.com/payments/payment-methods#payment-notification
constexpr page_method methods[] = {
    {"card", {"Card", "银行卡"}, method_icon::card, method_flow::in_page},
    {"alipay", {"Alipay", "支付宝"}, method_icon::alipay, method_flow::redirect},
    {"wechat_pay", {"WeChat Pay", "微信支付"}, method_icon::wechat_pay, method_flow::in_page},
    {"link", {"Link", "Link"}, method_icon::wallet, method_flow::in_page},
    {"paypal", {"PayPal", "PayPal"}, method_icon::wallet, method_flow::redirect},
    {"klarna", {"Klarna", "Klarna"}, method_icon::wallet, method_flow::redirect},
    {"ideal", {"iDEAL", "iDEAL"}, method_icon::bank, method_flow::redirect},
    {"bancontact", {"Bancontact", "Bancontact"}, method_icon::bank, method_flow::redirect},
    {"eps", {"EPS", "EPS"}, method_icon::bank, method_flow::redirect},
    {"p24", {"Przelewy24", "Przelewy24"}, method_icon::bank, method_flow::redirect},
    {"acss_debit", {"Pre-authorized debit", "预授权借记"}, method_icon::bank, method_flow::delayed},
    {"au_becs_debit",
     {"BECS Direct Debit", "BECS 直接借记"},
     method_icon::bank,
     method_flow::delayed},
    {"bacs_debit", {"Bacs Direct Debit", "Bacs 直接借记"}, method_icon::bank, method_flow::delayed},
    {"customer_balance", {"Bank transfer", "银行转账"}, method_icon::bank, method_flow::delayed},
    {"sepa_debit", {"SEPA Direct Debit", "SEPA 直接借记"}, method_icon::bank, method_flow::delayed},
    {"us_bank_account",
     {"US bank account", "美国银行账户"},
     method_icon::bank,
     method_flow::delayed},
    {"boleto", {"Boleto", "Boleto"}, method_icon::voucher, method_flow::delayed},
    {"konbini", {"Konbini", "便利店付款"}, method_icon::voucher, method_flow::delayed},
    {"multibanco", {"Multibanco", "Multibanco"}, method_icon::voucher, method_flow::delayed},
    {"oxxo", {"OXXO", "OXXO"}, method_icon::voucher, method_flow::delayed},
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
