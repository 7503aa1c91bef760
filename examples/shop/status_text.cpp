#include "status_text.hpp"

namespace sr = stripe_return;

namespace {

constexpr status_text paid = {tone::good,
                              {"Thank you, it is paid", "付款成功"},
                              {"Your payment has arrived. Your tea is on its way to you.",
                               "我们已收到您的付款，会尽快为您发货。"}};
constexpr status_text nothing_to_pay = {tone::good,
                                        {"Thank you", "订单已确认"},
                                        {"There is nothing to pay. Your tea is on its way to you.",
                                         "本订单无需付款，我们会尽快为您发货。"}};
constexpr status_text on_its_way = {
    tone::waiting,
    {"Your payment is on its way", "付款处理中"},
    {"It can take a few days to arrive. You need not do anything: we send the tea as soon as it is "
     "here. Please do not pay again.",
     "款项正在途中，可能需要几天才能到账。您无需任何操作，到账后我们会立即发货。请勿重复付款。"}};
constexpr status_text not_arrived = {
    tone::bad,
    {"The payment did not go through", "付款未成功"},
    {"Your payment did not arrive. The order is still here: you can pay it another way.",
     "这笔款项未能到账。订单仍为您保留，您可以换一种方式付款。"},
    invitation::pay_again};
constexpr status_text not_yet = {tone::waiting,
                                 {"Your order is waiting for you", "订单待付款"},
                                 {"It is not paid yet. You can go on where you left off.",
                                  "您还没有完成付款，可以从刚才的步骤继续。"},
                                 invitation::go_on};
constexpr status_text too_late = {
    tone::bad,
    {"The time to pay is over", "付款已超时"},
    {"The payment page was open for too long, and nothing was paid. You can begin again.",
     "付款页面已过期，您没有付款。您可以重新付款。"},
    invitation::pay_again};
constexpr status_text closed = {
    tone::bad,
    {"This order is closed", "订单已关闭"},
    {"It cannot be paid any more. If you have a question, please write to us.",
     "本订单已无法付款。如有疑问，请联系我们。"}};
constexpr status_text checking = {
    tone::waiting,
    {"We are checking your payment", "正在确认付款"},
    {"This page tells you as soon as we know more. Please do not pay again until then.",
     "正在向支付平台确认，结果会显示在本页。在此之前请勿重复付款。"}};
constexpr status_text with_us = {
    tone::waiting,
    {"We are looking into your payment", "付款正在人工核对"},
    {"Something needs a closer look. We will write to you. Please do not pay again.",
     "这笔付款需要人工核对，我们会尽快与您联系。请勿重复付款。"}};

} // namespace

status_text text_for(const sr::customer_view& view) {
  const bool may_pay = view.pay_again == sr::pay_again::yes;
  switch (view.state) {
  case sr::order_state::paid: return paid;
  case sr::order_state::no_payment_required: return nothing_to_pay;
  case sr::order_state::processing: return on_its_way;
  case sr::order_state::needs_review: return with_us;
  case sr::order_state::foreign:
  case sr::order_state::undetermined: return checking;
  case sr::order_state::failed: return may_pay ? not_arrived : checking;
  case sr::order_state::awaiting_payment: return may_pay ? not_yet : checking;
  case sr::order_state::expired:
    if (may_pay) return too_late;
    return view.next_step == sr::next_step::none ? closed : checking;
  }
  return checking;
}
