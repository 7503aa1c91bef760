#include "status_text.hpp"

namespace sr = stripe_return;

namespace {

constexpr bilingual we_pack = {"We are packing your tea.", "我们正在为您打包茶叶。"};
constexpr bilingual it_is_sent = {"Your tea is on its way to you.", "您的茶叶已经发货。"};

constexpr status_text paid = {tone::good,
                              {"Thank you. It is paid.", "付款成功"},
                              {"Your payment has arrived.", "我们已收到您的付款。"},
                              we_pack};
constexpr status_text nothing_to_pay = {tone::good,
                                        {"Thank you for your order", "订单已确认"},
                                        {"There is nothing to pay.", "本订单无需付款。"},
                                        we_pack};
constexpr status_text on_its_way = {
    tone::waiting,
    {"Your payment is on its way", "付款处理中"},
    {"It can take a few days to arrive. Please do not pay again.",
     "款项正在途中，可能需要几天才能到账。请勿重复付款。"},
    {"You do not have to do anything. We will send your tea as soon as the money arrives.",
     "您无需任何操作，到账后我们会立即发货。"}};
constexpr status_text not_arrived = {
    tone::bad,
    {"Your payment did not go through", "付款未成功"},
    {"We have not received any money for this order.", "这笔款项未能到账。"},
    {"We have kept your order. You can pay it again, with another method if you like.",
     "订单仍为您保留，您可以换一种方式付款。"},
    invitation::pay_again};
constexpr status_text not_yet = {
    tone::waiting,
    {"Your order is not paid yet", "订单待付款"},
    {"You left the payment page before paying.", "您还没有完成付款。"},
    {"Continue where you left off. We will send your tea as soon as it is paid.",
     "您可以从刚才的步骤继续，付款后我们会立即发货。"},
    invitation::go_on};
constexpr status_text too_late = {
    tone::bad,
    {"The payment page has expired", "付款已超时"},
    {"It was open for too long, and nothing was paid.", "付款页面已过期，您没有付款。"},
    {"We have kept your order. You can pay it on a new page.", "订单仍为您保留，您可以重新付款。"},
    invitation::pay_again};
// Also of an order that was paid and then canceled.
constexpr status_text over = {
    tone::bad,
    {"This order is closed", "订单已关闭"},
    {"It can no longer be paid, and will not be sent.", "本订单已无法付款，也不会发货。"},
    {"If you have paid for it, you will get your money back. If you still want the tea, please "
     "place a new order.",
     "如您已付款，我们会退款给您。如仍需购买，请重新下单。"}};
constexpr status_text checking = {
    tone::waiting,
    {"We are checking your payment", "正在确认付款"},
    {"We do not know yet whether it went through. Please do not pay again.",
     "暂时无法确认付款结果。请勿重复付款。"},
    {"This page will show the result as soon as we have it.", "结果会显示在本页。"}};
constexpr status_text with_us = {
    tone::waiting,
    {"We are looking into your payment", "付款正在人工核对"},
    {"Something about it needs a closer look. Please do not pay again.",
     "这笔付款需要人工核对。请勿重复付款。"},
    {"One of us is taking care of it. This page will show the result.",
     "我们会尽快处理，结果会显示在本页。"}};

} // namespace

status_text text_for(const sr::customer_view& view) {
  const bool may_pay = view.pay_again == sr::pay_again::yes;
  switch (view.state) {
  case sr::order_state::paid: {
    status_text text = paid;
    if (view.stage == sr::order_stage::fulfilled) text.next = it_is_sent;
    return text;
  }
  case sr::order_state::no_payment_required: return nothing_to_pay;
  case sr::order_state::processing: return on_its_way;
  case sr::order_state::needs_review: return with_us;
  case sr::order_state::foreign:
  case sr::order_state::undetermined: return checking;
  case sr::order_state::failed: return may_pay ? not_arrived : checking;
  case sr::order_state::awaiting_payment: return may_pay ? not_yet : checking;
  case sr::order_state::expired:
    if (may_pay) return too_late;
    return view.next_step == sr::next_step::none ? over : checking;
  }
  return checking;
}
