#include "order_words.hpp"

#include <array>
#include <utility>

namespace sr = stripe_return;

namespace {

constexpr std::array<std::pair<std::string_view, bilingual>, 17> done = {{
    {"expected", {"The shop made the order", "商店已创建订单"}},
    {"attempt_begun", {"A checkout was begun", "开始结账"}},
    {"session_issued", {"Stripe opened a payment page", "Stripe 已生成付款页面"}},
    {"claimed", {"A worker took the order", "开始处理发货"}},
    {"fulfilled", {"Fulfilled", "已发货"}},
    {"retry_later", {"To be tried again later", "稍后重试发货"}},
    {"gave_up", {"Could not be fulfilled", "无法发货"}},
    {"held", {"Held for a person", "暂停，待人工核对"}},
    {"closed", {"Closed", "已关闭"}},
    {"accepted", {"Accepted by a person", "人工核对：接受"}},
    {"rejected", {"Rejected by a person", "人工核对：拒绝"}},
    {"imported", {"Taken over as fulfilled", "导入为已发货"}},
    {"asked", {"Stripe was asked", "已向 Stripe 查询"}},
    {"asked_for_the_last_time", {"Stripe was asked for the last time", "最后一次向 Stripe 查询"}},
    {"paid", {"Paid", "已付款"}},
    {"processing", {"The payment is on its way", "款项在途"}},
    {"awaiting_payment", {"Not paid yet", "待付款"}},
}};

} // namespace

bilingual words_for(sr::order_stage stage) {
  switch (stage) {
  case sr::order_stage::awaiting: return {"not paid", "未付款"};
  case sr::order_stage::closed: return {"closed", "已关闭"};
  case sr::order_stage::due: return {"paid, to be sent", "已付款，待发货"};
  case sr::order_stage::fulfilled: return {"paid and sent", "已付款，已发货"};
  case sr::order_stage::rejected: return {"rejected", "已拒绝"};
  }
  return {};
}

bilingual words_for(sr::order_state state) {
  switch (state) {
  case sr::order_state::paid: return {"paid", "已付款"};
  case sr::order_state::no_payment_required: return {"nothing to pay", "无需付款"};
  case sr::order_state::processing: return {"payment on its way", "款项在途"};
  case sr::order_state::failed: return {"payment failed", "付款失败"};
  case sr::order_state::awaiting_payment: return {"awaiting payment", "待付款"};
  case sr::order_state::expired: return {"expired", "付款已超时"};
  case sr::order_state::undetermined: return {"not known yet", "尚未确定"};
  case sr::order_state::needs_review: return {"needs a review", "需要核对"};
  case sr::order_state::foreign: return {"another shop's", "属于其他商店"};
  }
  return {};
}

bilingual words_for(sr::reason why) {
  switch (why) {
  case sr::reason::account_mismatch: return {"paid in another account", "收款账户不符"};
  case sr::reason::amount_mismatch: return {"another amount than the order's", "金额与订单不符"};
  case sr::reason::amount_not_checked: return {"the amount was not checked", "金额未核对"};
  case sr::reason::amount_not_zero: return {"nothing was to pay, says Stripe", "应付金额不为零"};
  case sr::reason::ask_again: return {"two of Stripe's words disagree for now", "状态暂时矛盾"};
  case sr::reason::async_payment_failed: return {"the delayed payment failed", "延迟付款失败"};
  case sr::reason::capture_required: return {"to be captured by the shop", "需要商家请款"};
  case sr::reason::customer_action_pending: return {"the customer must still act", "等待顾客操作"};
  case sr::reason::currency_mismatch: return {"another currency than the order's", "币种不符"};
  case sr::reason::duplicate_payment: return {"paid twice: refund one", "重复付款，请退还一笔"};
  case sr::reason::expired_but_paid: return {"expired, and paid", "已过期却已付款"};
  case sr::reason::expiry_not_confirmed: return {"expired by the clock alone", "过期尚未确认"};
  case sr::reason::fulfill_gave_up: return {"could not be sent", "无法发货"};
  case sr::reason::livemode_mismatch: return {"a test payment", "测试模式不符"};
  case sr::reason::local_clock: return {"by the shop's own clock", "依据本机时钟"};
  case sr::reason::mode_mismatch: return {"another kind of checkout", "结账类型不符"};
  case sr::reason::money_may_have_moved: return {"money may have moved", "可能已扣款"};
  case sr::reason::not_checked_against_order: return {"not held against an order", "未与订单核对"};
  case sr::reason::order_not_expected: return {"for an order that is not known", "订单未知"};
  case sr::reason::out_trade_no_conflict: return {"names two orders", "对应两个订单号"};
  case sr::reason::out_trade_no_mismatch: return {"names another order", "订单号不符"};
  case sr::reason::out_trade_no_missing: return {"names no order", "缺少订单号"};
  case sr::reason::paid_after_close: return {"paid after it was closed", "关闭后付款"};
  case sr::reason::partially_captured: return {"captured in part", "仅部分请款"};
  case sr::reason::payment_disputed: return {"disputed by the customer's bank", "付款有争议"};
  case sr::reason::payment_intent_canceled: return {"the payment was canceled", "付款已取消"};
  case sr::reason::payment_intent_not_permitted: return {"the key may not look", "密钥权限不足"};
  case sr::reason::payment_refunded: return {"refunded", "已退款"};
  case sr::reason::release_gave_up: return {"stock could not be given back", "无法退回库存"};
  case sr::reason::session_id_missing: return {"an answer that is not Stripe's", "应答缺少编号"};
  case sr::reason::session_not_found:
    return {"Stripe does not have it any more", "付款页面已不存在"};
  case sr::reason::session_not_issued:
    return {"a payment page that this shop did not make", "付款页面并非本店生成"};
  case sr::reason::setup_not_expected: return {"saves a card only", "仅保存支付方式"};
  case sr::reason::setup_paid: return {"paid where nothing can be", "异常收款"};
  case sr::reason::shop_mismatch: return {"names another shop", "商店不符"};
  case sr::reason::unrecognized_mode:
  case sr::reason::unrecognized_payment_status:
  case sr::reason::unrecognized_status: return {"a new word of Stripe's", "Stripe 返回了未知状态"};
  }
  return {};
}

bilingual words_for_history(std::string_view what) {
  for (const auto& [word, text] : done)
    if (word == what) return text;
  for (const sr::order_state each :
       {sr::order_state::no_payment_required, sr::order_state::failed, sr::order_state::expired,
        sr::order_state::undetermined, sr::order_state::needs_review})
    if (to_string(each) == what) return words_for(each);
  return {what, what};
}
