#include "order_details_page.hpp"

#include "keeper_form.hpp"
#include "order_text.hpp"
#include "order_words.hpp"
#include "result_words.hpp"
#include "review_box.hpp"

#include <stripe_return/core/decide.hpp>

#include <ctime>

namespace sr = stripe_return;

namespace {

constexpr bilingual all_orders = {"All orders", "全部订单"};
constexpr bilingual order_word = {"Order", "订单"};
constexpr bilingual payment_word = {"Payment without an order", "无对应订单的付款"};
constexpr bilingual amount = {"Amount", "金额"};
constexpr bilingual sessions_title = {"Payment pages", "付款页面"};
constexpr bilingual no_sessions = {"None was opened yet.", "尚未生成付款页面。"};
constexpr bilingual ask = {"Check with Stripe now", "立即向 Stripe 查询"};
constexpr bilingual refund_title = {"To refund", "待退款"};
constexpr bilingual refund_how = {"Refund it at Stripe, and this is settled by itself. If you give "
                                  "it back in another way, mark it here.",
                                  "在 Stripe 退款后会自动更新；如以其他方式退还，请在此标记。"};
constexpr bilingual refunded = {"I have refunded it", "已退还"};
constexpr bilingual given_back = {"refunded", "已退还"};
constexpr bilingual decide_title = {"What to do with this order", "处理订单"};
constexpr bilingual close_it = {"Close it: it can no longer be paid", "关闭：不再接受付款"};
constexpr bilingual cancel_it = {"Cancel it: it will not be sent", "取消：不再发货"};
constexpr bilingual mark_label = {"I have sent it myself. It was paid", "我已自行发货，付款方式："};
constexpr bilingual elsewhere = {"elsewhere, as in cash", "其他方式，例如现金"};
constexpr bilingual not_known = {"I do not know how", "不清楚"};
constexpr bilingual by_session = {"by the payment page ", "付款页面 "};
constexpr bilingual mark = {"Mark as sent", "标记为已发货"};
constexpr bilingual history_title = {"History", "历史记录"};
constexpr bilingual play_title = {"Play Stripe", "模拟 Stripe"};
constexpr bilingual arrives = {"The money arrives", "款项到账"};
constexpr bilingual fails = {"The money does not arrive", "款项未到账"};
constexpr bilingual expires = {"The payment page expires", "付款超时"};

html heading(const visit& visit, const bilingual& text) {
  html made;
  made << "<h2>" << visit.say(text) << "</h2>\n";
  return made;
}

html refunds(const visit& visit, const sr::order_record& order, const form_keys& keys) {
  if (order.to_give_back.empty()) return {};
  html boxes = heading(visit, refund_title);
  for (const sr::give_back_entry& each : order.to_give_back) {
    boxes << "<div class=\"box\">\n<p><strong>" << to_string(each.amount) << "</strong> <code>"
          << each.session_id << "</code></p>\n<p class=\"small\">" << since_text(visit, each.since)
          << "</p>\n";
    if (each.ended_at)
      boxes << "<p class=\"good\">" << visit.say(given_back) << " · <time>"
            << time_text(*each.ended_at) << "</time> " << each.by << "</p>\n";
    else
      boxes << "<p class=\"small\">" << visit.say(refund_how) << "</p>\n"
            << one_button(visit, keys, "mark-refunded", refunded, "session", each.session_id);
    boxes << "</div>\n";
  }
  return boxes;
}

html mark_form(const visit& visit, const sr::order_record& order, const form_keys& keys) {
  html form = opened_form(keys, "mark-fulfilled");
  form << "<label for=\"how\">" << visit.say(mark_label)
       << "</label>\n<select id=\"how\" name=\"how\">\n";
  for (const sr::order_session& each : order.sessions)
    form << "<option value=\"" << each.facts.id << "\">" << visit.say(by_session) << each.facts.id
         << "</option>\n";
  form << "<option value=\"elsewhere\">" << visit.say(elsewhere)
       << "</option>\n<option value=\"unknown\">" << visit.say(not_known)
       << "</option>\n</select>\n<p class=\"buttons\">" << button(visit, mark) << "</p>\n</form>\n";
  return form;
}

html decisions(const visit& visit, const sr::order_record& order, const form_keys& keys) {
  if (order.stage == sr::order_stage::fulfilled || order.stage == sr::order_stage::unmatched)
    return {};
  html box = heading(visit, decide_title);
  box << "<div class=\"box\">\n";
  if (order.stage == sr::order_stage::open) box << one_button(visit, keys, "close", close_it);
  if (order.stage == sr::order_stage::open || order.stage == sr::order_stage::due)
    box << one_button(visit, keys, "cancel", cancel_it);
  box << mark_form(visit, order, keys) << "</div>\n";
  return box;
}

// What happens to a session at Stripe without the customer.
html play_stripe(const visit& visit, sr::order_state state, const std::string& session,
                 const form_keys& keys) {
  html buttons;
  if (state == sr::order_state::processing)
    buttons << button(visit, arrives, "action", "succeed")
            << button(visit, fails, "action", "fail");
  else if (state == sr::order_state::awaiting_payment)
    buttons << button(visit, expires, "action", "expire");
  else
    return {};
  html box;
  box << "<p class=\"small\">" << visit.say(play_title) << "</p>\n"
      << opened_form(keys, "play", "session", session) << "<p class=\"buttons\">" << buttons
      << "</p>\n</form>\n";
  return box;
}

html sessions(const visit& visit, const sr::order_record& order, const form_keys& keys) {
  html boxes = heading(visit, sessions_title);
  if (order.sessions.empty()) boxes << "<p>" << visit.say(no_sessions) << "</p>\n";
  for (const sr::order_session& each : order.sessions) {
    const sr::order_state state =
        decide_unchecked(observation_of(each.facts, {}, std::time(nullptr))).state();
    boxes << "<div class=\"box\">\n<p>" << visit.say(words_for(state)) << "</p>\n<p><code>"
          << each.facts.id << "</code></p>\n";
    if (visit.demonstration) boxes << play_stripe(visit, state, each.facts.id, keys);
    boxes << "</div>\n";
  }
  if (order.stage != sr::order_stage::unmatched) boxes << one_button(visit, keys, "ask", ask);
  return boxes;
}

html history_list(const visit& visit, const std::vector<sr::history_entry>& history) {
  html list = heading(visit, history_title);
  list << "<ol class=\"history\">\n";
  for (const sr::history_entry& each : history) {
    list << "<li>\n<p><strong>" << visit.say(words_for(each.action)) << "</strong> <code>"
         << each.who << " " << to_string(each.action)
         << (each.outcome.empty() ? "" : " " + each.outcome) << "</code></p>\n"
         << reasons_text(visit, each.reasons);
    if (!each.note.empty()) list << "<p>" << each.note << "</p>\n";
    list << "<p class=\"small\"><time>" << time_text(each.at) << "</time> " << each.session_id
         << "</p>\n</li>\n";
  }
  list << "</ol>\n";
  return list;
}

} // namespace

page order_details_page(const visit& visit, const sr::order_record& order,
                        const std::vector<sr::history_entry>& history, const std::string& csrf,
                        std::string_view result) {
  const std::string reference = reference_of(order);
  const form_keys keys{csrf, reference};
  const bilingual what = order.stage == sr::order_stage::unmatched ? payment_word : order_word;
  html content;
  content << "<p><a href=\"/orders\">" << visit.say(all_orders) << "</a></p>\n<h1>"
          << visit.say(what) << " <span class=\"number\">" << reference << "</span></h1>\n";
  if (const std::string_view text = visit.say(words_for_result(result)); !text.empty())
    content << "<p class=\"box\" role=\"status\" data-result=\"" << result << "\">" << text
            << "</p>\n";
  content << "<p>" << stage_text(visit, order) << "</p>\n";
  content << "<p>" << visit.say(amount) << " " << amounts_text(amounts_of(order)) << "</p>\n";
  content << review_boxes(visit, order, keys) << refunds(visit, order, keys)
          << decisions(visit, order, keys) << sessions(visit, order, keys)
          << history_list(visit, history);
  return {visit.say(what), content};
}
