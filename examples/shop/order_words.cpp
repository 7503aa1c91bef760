#include "order_words.hpp"

namespace sr = stripe_return;

bilingual words_for(sr::order_stage stage) {
  switch (stage) {
  case sr::order_stage::open: return {"not paid", "未付款"};
  case sr::order_stage::due: return {"paid, to be sent", "已付款，待发货"};
  case sr::order_stage::fulfilled: return {"sent", "已发货"};
  case sr::order_stage::closed: return {"closed, not paid", "已关闭，未付款"};
  case sr::order_stage::released: return {"over, stock put back", "已结束，库存已退回"};
  case sr::order_stage::canceled: return {"canceled", "已取消"};
  case sr::order_stage::unmatched: return {"payment without an order", "无对应订单的付款"};
  }
  return {};
}

bilingual words_for(sr::waits_for whom) {
  switch (whom) {
  case sr::waits_for::customer: return {"waits for the customer to pay", "等待顾客付款"};
  case sr::waits_for::stripe: return {"waits for Stripe", "等待 Stripe"};
  case sr::waits_for::checkout:
    return {"waits for a new checkout, or to be closed", "等待重新结账或关闭"};
  case sr::waits_for::expectation: return {"waits for its order", "等待对应的订单"};
  case sr::waits_for::worker: return {"waits to be sent", "等待发货"};
  case sr::waits_for::lease: return {"is being worked on", "正在处理"};
  case sr::waits_for::retry: return {"waits for the next try", "等待重试"};
  case sr::waits_for::release: return {"waits for its stock to be put back", "等待退回库存"};
  case sr::waits_for::refund: return {"waits for you to refund money", "等待您退款"};
  case sr::waits_for::person: return {"waits for you to decide", "等待您核对"};
  case sr::waits_for::nothing: return {"nothing left to do", "无需等待"};
  }
  return {};
}

bilingual words_for(sr::review_state state) {
  switch (state) {
  case sr::review_state::open: return {"to be decided", "待核对"};
  case sr::review_state::accepted: return {"accepted", "已接受"};
  case sr::review_state::rejected: return {"rejected", "已拒绝"};
  case sr::review_state::closed: return {"settled by itself", "已自行解决"};
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
  case sr::reason::account_mismatch: return {"in another Stripe account", "收款账户不符"};
  case sr::reason::amount_mismatch:
    return {"the amount differs from the order's", "金额与订单不符"};
  case sr::reason::amount_not_checked: return {"the amount was not checked", "金额未核对"};
  case sr::reason::amount_not_zero: return {"Stripe asked for no money", "应付金额不为零"};
  case sr::reason::ask_again:
    return {"Stripe's answers contradict each other for now", "状态暂时矛盾"};
  case sr::reason::async_payment_failed: return {"the delayed payment failed", "延迟付款失败"};
  case sr::reason::capture_required:
    return {"authorized only: the shop has to capture it", "需要商家请款"};
  case sr::reason::customer_action_pending:
    return {"the customer still has to act", "等待顾客操作"};
  case sr::reason::currency_mismatch: return {"the currency differs from the order's", "币种不符"};
  case sr::reason::duplicate_payment: return {"paid twice", "重复付款，请退还一笔"};
  case sr::reason::expired_but_paid: return {"expired, and paid", "已过期却已付款"};
  case sr::reason::expiry_not_confirmed:
    return {"Stripe has not confirmed that it expired", "过期尚未确认"};
  case sr::reason::fulfill_gave_up: return {"could not be sent", "无法发货"};
  case sr::reason::livemode_mismatch: return {"test and live mode are mixed up", "测试模式不符"};
  case sr::reason::local_clock: return {"by the shop's own clock", "依据本机时钟"};
  case sr::reason::mode_mismatch: return {"another kind of checkout", "结账类型不符"};
  case sr::reason::money_may_have_moved: return {"money may have moved", "可能已扣款"};
  case sr::reason::not_checked_against_order: return {"not compared with an order", "未与订单核对"};
  case sr::reason::order_not_expected: return {"for an order that is not known", "订单未知"};
  case sr::reason::out_trade_no_conflict: return {"names two orders", "对应两个订单号"};
  case sr::reason::out_trade_no_mismatch: return {"names another order", "订单号不符"};
  case sr::reason::out_trade_no_missing: return {"names no order", "缺少订单号"};
  case sr::reason::paid_after_close: return {"paid after it was closed", "关闭后付款"};
  case sr::reason::partially_captured: return {"captured in part", "仅部分请款"};
  case sr::reason::payment_disputed: return {"disputed by the customer's bank", "付款有争议"};
  case sr::reason::payment_intent_canceled: return {"the payment was canceled", "付款已取消"};
  case sr::reason::payment_intent_not_permitted:
    return {"the key may not read payments", "密钥权限不足"};
  case sr::reason::payment_refunded: return {"refunded", "已退款"};
  case sr::reason::release_gave_up: return {"the stock could not be put back", "无法退回库存"};
  case sr::reason::session_id_missing: return {"the answer has no session id", "应答缺少编号"};
  case sr::reason::session_not_found:
    return {"Stripe does not have it any more", "付款页面已不存在"};
  case sr::reason::session_not_issued:
    return {"a payment page that this shop did not make", "付款页面并非本店生成"};
  case sr::reason::setup_not_expected: return {"it only saves a card", "仅保存支付方式"};
  case sr::reason::setup_paid: return {"paid although nothing can be paid", "异常收款"};
  case sr::reason::shop_mismatch: return {"names another shop", "商店不符"};
  case sr::reason::unrecognized_mode:
  case sr::reason::unrecognized_payment_status:
  case sr::reason::unrecognized_status:
    return {"Stripe sent a value that is not known", "Stripe 返回了未知状态"};
  }
  return {};
}

bilingual words_for(sr::history_action action) {
  switch (action) {
  case sr::history_action::expected: return {"The shop created the order", "商店已创建订单"};
  case sr::history_action::repriced: return {"The price was changed", "已更改价格"};
  case sr::history_action::attempt_begun: return {"A checkout was begun", "开始结账"};
  case sr::history_action::answer_lost: return {"Stripe's answer was lost", "Stripe 的应答丢失"};
  case sr::history_action::attempt_given_up: return {"That checkout was given up", "结账已放弃"};
  case sr::history_action::session_issued:
    return {"Stripe opened a payment page", "Stripe 已生成付款页面"};
  case sr::history_action::observed: return {"Stripe said", "Stripe 的状态"};
  case sr::history_action::not_found: return {"Stripe did not find it", "Stripe 找不到付款页面"};
  case sr::history_action::session_given_up: return {"Given up", "不再等待"};
  case sr::history_action::claimed: return {"A worker took the order", "开始处理"};
  case sr::history_action::lease_extended: return {"The worker extended its time", "延长处理时间"};
  case sr::history_action::lease_lost: return {"The worker took too long", "处理超时"};
  case sr::history_action::claim_given_up: return {"The worker returned the order", "暂缓处理"};
  case sr::history_action::fulfilled: return {"Sent", "已发货"};
  case sr::history_action::released: return {"Stock put back", "库存已退回"};
  case sr::history_action::retry_later: return {"To be tried again", "稍后重试"};
  case sr::history_action::gave_up: return {"It could not be done", "无法完成"};
  case sr::history_action::closed: return {"Closed", "已关闭"};
  case sr::history_action::canceled: return {"Canceled", "已取消"};
  case sr::history_action::marked_fulfilled: return {"Marked as sent", "标记为已发货"};
  case sr::history_action::accepted: return {"Accepted", "已接受"};
  case sr::history_action::rejected: return {"Rejected", "已拒绝"};
  case sr::history_action::marked_refunded: return {"Marked as refunded", "标记为已退款"};
  case sr::history_action::polled: return {"Checked with Stripe", "已向 Stripe 查询"};
  case sr::history_action::notified: return {"The shop was notified", "已通知商店"};
  }
  return {};
}
