#include "review_box.hpp"

#include "order_text.hpp"
#include "order_words.hpp"

#include <algorithm>

namespace sr = stripe_return;

namespace {

constexpr bilingual review_title = {"To decide", "待核对"};
constexpr bilingual decided_title = {"Decided", "已核对"};
constexpr bilingual note_label = {"Note", "备注"};
constexpr bilingual order_label = {"Number of the order that it is for", "对应的订单号"};
constexpr bilingual account_label = {"Stripe account that the money is in, to accept it",
                                     "接受时填写收款的 Stripe 账户"};
constexpr bilingual accept = {"Accept", "接受"};
constexpr bilingual reject = {"Reject", "拒绝"};

bool has(const sr::review_item& item, sr::reason why) {
  return std::find(item.reasons.begin(), item.reasons.end(), why) != item.reasons.end();
}

bilingual meaning_of(const sr::order_record& order, const sr::review_item& item) {
  if (has(item, sr::reason::livemode_mismatch))
    return {"It cannot be accepted: no real money is in it. Reject it to put it aside.",
            "测试付款无法接受，可以拒绝。"};
  if (order.stage == sr::order_stage::unmatched)
    return {"Accept: the money is taken for the order that you name. Reject: it is to be refunded.",
            "接受：款项计入所填订单。拒绝：款项需退还。"};
  if (has(item, sr::reason::session_not_found))
    return {"Accept: this payment page is given up. It cannot be rejected.",
            "接受：不再等待此付款页面。无法拒绝。"};
  if (has(item, sr::reason::fulfill_gave_up))
    return {"Accept: sending it is tried again. Reject: it is canceled, and the money is to be "
            "refunded.",
            "接受：重新尝试发货。拒绝：取消订单并退款。"};
  if (has(item, sr::reason::release_gave_up))
    return {"Accept: it is tried again. Reject: you have put the stock back yourself.",
            "接受：重新尝试退回库存。拒绝：已自行退回。"};
  if (has(item, sr::reason::payment_disputed) || has(item, sr::reason::payment_refunded) ||
      has(item, sr::reason::partially_captured))
    return {"Accept: the order is sent all the same. Reject: it is not, and what is left of the "
            "money is to be refunded.",
            "接受：照常发货。拒绝：不发货，剩余款项需退还。"};
  if (!item.with_money)
    return {"Accept: the order is sent once this is paid. Reject: the payment page is closed.",
            "接受：付款后照常发货。拒绝：关闭此付款页面。"};
  return {"Accept: the money is taken for this order. Reject: it is to be refunded.",
          "接受：款项计入本订单。拒绝：款项需退还。"};
}

html facts_of(const visit& visit, const sr::review_item& item) {
  html facts = reasons_text(visit, item.reasons);
  if (!item.amounts.empty())
    facts << "<p><strong>" << amounts_text(item.amounts) << "</strong></p>\n";
  if (!item.session_id.empty()) facts << "<p><code>" << item.session_id << "</code></p>\n";
  if (!item.values.empty()) facts << "<p class=\"small\">" << item.values << "</p>\n";
  facts << "<p class=\"small\">" << since_text(visit, item.opened_at) << "</p>\n";
  return facts;
}

html open_box(const visit& visit, const sr::order_record& order, const sr::review_item& item,
              const form_keys& keys, std::size_t number) {
  const std::string suffix = std::to_string(number);
  html box;
  box << "<div class=\"box\" data-review=\"" << item.id << "\">\n"
      << facts_of(visit, item) << opened_form(keys, "resolve", "review", item.id);
  if (order.stage == sr::order_stage::unmatched)
    box << text_input(visit, order_label, "order", "order" + suffix);
  if (has(item, sr::reason::account_mismatch))
    box << text_input(visit, account_label, "account", "account" + suffix);
  box << text_input(visit, note_label, "note", "note" + suffix) << "<p class=\"buttons\">"
      << button(visit, accept, "verdict", "accept", false)
      << button(visit, reject, "verdict", "reject") << "</p>\n</form>\n<p class=\"small\">"
      << visit.say(meaning_of(order, item)) << "</p>\n</div>\n";
  return box;
}

html decided_box(const visit& visit, const sr::review_item& item) {
  html box;
  box << "<div class=\"box\">\n"
      << facts_of(visit, item) << "<p>" << visit.say(words_for(item.state)) << " · <time>"
      << time_text(item.resolved_at) << "</time> " << item.by << "</p>\n";
  if (!item.note.empty()) box << "<p>" << item.note << "</p>\n";
  box << "</div>\n";
  return box;
}

} // namespace

html review_boxes(const visit& visit, const sr::order_record& order, const form_keys& keys) {
  html open, decided;
  std::size_t number = 0;
  for (const sr::review_item& each : order.review_items) {
    if (each.state == sr::review_state::open)
      open << open_box(visit, order, each, keys, ++number);
    else
      decided << decided_box(visit, each);
  }
  html boxes;
  if (!open.str().empty())
    boxes << "<h2 class=\"bad\">" << visit.say(review_title) << "</h2>\n" << open;
  if (!decided.str().empty())
    boxes << "<details>\n<summary>" << visit.say(decided_title) << "</summary>\n"
          << decided << "</details>\n";
  return boxes;
}
