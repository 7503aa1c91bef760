// The payment methods that the payment page offers.
#pragma once

#include "fake_stripe/checkout_page_text.hpp"

#include <string_view>

namespace stripe_return {
inline namespace v0 {
namespace fake {

enum class method_icon { card, alipay, wechat_pay, wallet, bank, voucher };

enum class method_flow {
  in_page,  // paid at once, where the customer is
  redirect, // paid at once, at a page of the method's own
  delayed,  // the session is complete days before it is paid
};

struct page_method {
  std::string_view type; // Stripe's word, as in payment_method_types
  phrase name;
  method_icon icon = method_icon::wallet;
  method_flow flow = method_flow::in_page;
};

// A type that the page does not know is a wallet with the type itself as its name.
page_method page_method_of(std::string_view type);

} // namespace fake
} // namespace v0
} // namespace stripe_return
