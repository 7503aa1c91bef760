// The drawings of the payment page. They say nothing that the text beside them does not.
#pragma once

#include "fake_stripe/html.hpp"
#include "fake_stripe/page_method.hpp"

namespace stripe_return {
inline namespace v0 {
namespace fake {

html icon_of(method_icon icon);
html shop_icon();
html back_icon();

} // namespace fake
} // namespace v0
} // namespace stripe_return
