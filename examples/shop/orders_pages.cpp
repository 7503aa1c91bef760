#include "orders_pages.hpp"

#include "order_words.hpp"
#include "url.hpp"

#include <ctime>

namespace sr = stripe_return;

namespace {

constexpr bilingual orders_title = {"Orders", "订单"};
constexpr bilingual no_orders = {"There are no orders yet.", "还没有订单。"};
constexpr bilingual sign_in = {"Sign in", "登录"};
constexpr bilingual for_the_shopkeeper = {"For the shopkeeper", "店主登录"};
constexpr bilingual token_label = {"The token that the shop printed when it started",
                                   "商店启动时打印的口令"};
constexpr bilingual wrong_token = {"This is not the token.", "口令不正确。"};
constexpr bilingual find_label = {"Find an order by its number", "按订单号查找"};
constexpr bilingual find = {"Find", "查找"};
constexpr bilingual not_found = {"There is no order of this number", "没有这个订单号"};
constexpr bilingual all_orders = {"All orders", "全部订单"};
constexpr bilingual order_word = {"Order", "订单"};
constexpr bilingual payment_pages = {"Payment pages", "付款页面"};
constexpr bilingual ask = {"Ask Stripe now", "立即向 Stripe 查询"};
constexpr bilingual review_title = {"A person must look", "需要人工核对"};
constexpr bilingual review_word = {"to review", "待核对"};
constexpr bilingual note_label = {"Note", "备注"};
constexpr bilingual accept = {"Accept", "接受"};
constexpr bilingual reject = {"Reject", "拒绝"};
constexpr bilingual accept_means = {
    "Accepted, a payment that was in review counts and the tea is sent. Rejected, it is not; "
    "refund it at Stripe.",
    "接受后，这笔付款视为有效并发货；拒绝后不会发货，请在 Stripe 退款。"};
constexpr bilingual history_title = {"History", "历史记录"};
constexpr bilingual fake_title = {"Play Stripe", "模拟 Stripe"};
constexpr bilingual arrives = {"The money arrives", "款项到账"};
constexpr bilingual fails = {"The money does not arrive", "款项未到账"};
constexpr bilingual expires = {"The time to pay runs out", "付款超时"};

std::string time_text(sr::unix_seconds at) {
  const std::time_t seconds = at;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &utc);
  return text;
}

html reasons_text(const visit& visit, const std::vector<sr::reason>& reasons) {
  html text;
  for (const sr::reason why : reasons)
    text << "<p>" << visit.say(words_for(why)) << " <code>" << to_string(why) << "</code></p>\n";
  return text;
}

html badges(const visit& visit, const seen_order& order) {
  html text;
  const bool in_review = !order.record.review.empty();
  if (in_review) text << "<span class=\"badge bad\">" << visit.say(review_word) << "</span>\n";
  if (in_review && order.record.stage == sr::order_stage::awaiting) return text;
  switch (order.record.stage) {
  case sr::order_stage::fulfilled: text << "<span class=\"badge good\">"; break;
  case sr::order_stage::closed:
  case sr::order_stage::rejected: text << "<span class=\"badge\">"; break;
  case sr::order_stage::awaiting:
  case sr::order_stage::due: text << "<span class=\"badge waiting\">"; break;
  }
  text << (order.record.stage == sr::order_stage::awaiting
               ? visit.say(words_for(order.view.state))
               : visit.say(words_for(order.record.stage)))
       << "</span>\n";
  return text;
}

html opened_form(const char* action, const std::string& csrf, const std::string& out_trade_no) {
  html form;
  form << "<form method=\"post\" action=\"" << std::string_view(action)
       << "\">\n<input type=\"hidden\" name=\"csrf\" value=\"" << csrf
       << "\">\n<input type=\"hidden\" name=\"number\" value=\"" << out_trade_no << "\">\n";
  return form;
}

html find_form(const visit& visit) {
  html form;
  form << "<form action=\"/orders/order\">\n<label for=\"number\">" << visit.say(find_label)
       << "</label>\n<input id=\"number\" name=\"number\" required autocomplete=\"off\">\n"
          "<p class=\"buttons\"><button class=\"quiet\">"
       << visit.say(find) << "</button></p>\n</form>\n";
  return form;
}

html review_box(const visit& visit, const seen_order& order, const std::string& csrf) {
  html box;
  box << "<h2 class=\"bad\">" << visit.say(review_title) << "</h2>\n<div class=\"box\">\n"
      << reasons_text(visit, order.record.review)
      << opened_form("/orders/resolve", csrf, order.record.out_trade_no) << "<label for=\"note\">"
      << visit.say(note_label)
      << "</label>\n<input id=\"note\" name=\"note\" maxlength=\"500\" autocomplete=\"off\">\n"
         "<p class=\"buttons\"><button name=\"verdict\" value=\"accept\">"
      << visit.say(accept)
      << "</button>\n<button name=\"verdict\" value=\"reject\" class=\"quiet\">"
      << visit.say(reject) << "</button></p>\n</form>\n<p class=\"small\">"
      << visit.say(accept_means) << "</p>\n</div>\n";
  return box;
}

html play_button(const visit& visit, const char* action, const bilingual& label) {
  html button;
  button << "<button class=\"quiet\" name=\"action\" value=\"" << std::string_view(action) << "\">"
         << visit.say(label) << "</button>\n";
  return button;
}

// What happens to a session at Stripe without the customer.
html play_stripe(const visit& visit, const seen_order& order, const sr::session_record& session,
                 const std::string& csrf) {
  html buttons;
  if (session.state == sr::order_state::processing) {
    buttons << play_button(visit, "succeed", arrives) << play_button(visit, "fail", fails);
  } else if (session.state == sr::order_state::awaiting_payment) {
    buttons << play_button(visit, "expire", expires);
  } else {
    return {};
  }
  html box;
  box << "<p class=\"small\">" << visit.say(fake_title) << "</p>\n"
      << opened_form("/orders/play", csrf, order.record.out_trade_no)
      << "<input type=\"hidden\" name=\"session\" value=\"" << session.id
      << "\">\n<p class=\"buttons\">" << buttons << "</p>\n</form>\n";
  return box;
}

html sessions_box(const visit& visit, const seen_order& order, const std::string& csrf) {
  html box;
  box << "<h2>" << visit.say(payment_pages) << "</h2>\n";
  for (const sr::session_record& each : order.record.sessions) {
    box << "<div class=\"box\">\n<p>" << visit.say(words_for(each.state)) << "</p>\n<p><code>"
        << each.id << "</code></p>\n";
    if (visit.demonstration) box << play_stripe(visit, order, each, csrf);
    box << "</div>\n";
  }
  box << opened_form("/orders/ask", csrf, order.record.out_trade_no) << "<button class=\"quiet\">"
      << visit.say(ask) << "</button>\n</form>\n";
  return box;
}

html history_list(const visit& visit, const std::vector<sr::history_entry>& history) {
  html list;
  list << "<h2>" << visit.say(history_title) << "</h2>\n<ol class=\"history\">\n";
  for (const sr::history_entry& each : history) {
    list << "<li>\n<p><strong>" << visit.say(words_for_history(each.what)) << "</strong> <code>"
         << each.who << " " << each.what << "</code></p>\n";
    list << reasons_text(visit, each.reasons);
    if (!each.note.empty()) list << "<p>" << each.note << "</p>\n";
    list << "<p class=\"small\"><time>" << time_text(each.at) << "</time> " << each.session_id
         << "</p>\n</li>\n";
  }
  list << "</ol>\n";
  return list;
}

} // namespace

page sign_in_page(const visit& visit, bool refused) {
  html content;
  content << "<article class=\"card\">\n<h1>" << visit.say(for_the_shopkeeper) << "</h1>\n";
  if (refused) content << "<p class=\"bad\" role=\"alert\">" << visit.say(wrong_token) << "</p>\n";
  content << "<form method=\"post\" action=\"/orders/sign-in\">\n<label for=\"token\">"
          << visit.say(token_label)
          << "</label>\n<input id=\"token\" name=\"token\" type=\"password\" required "
             "autocomplete=\"current-password\">\n<p><button>"
          << visit.say(sign_in) << "</button></p>\n</form>\n</article>\n";
  return {visit.say(for_the_shopkeeper), content};
}

page orders_page(const visit& visit, const std::vector<seen_order>& orders) {
  html content;
  content << "<h1>" << visit.say(orders_title) << "</h1>\n";
  if (orders.empty()) content << "<p>" << visit.say(no_orders) << "</p>\n";
  content << "<ul class=\"orders\">\n";
  for (const seen_order& each : orders) {
    content << "<li>\n<a class=\"number\" href=\"/orders/order?number="
            << percent_encoded(each.record.out_trade_no) << "\">" << each.record.out_trade_no
            << "</a>\n<span>" << badges(visit, each) << "</span>\n</li>\n";
  }
  content << "</ul>\n" << find_form(visit);
  return {visit.say(orders_title), content};
}

page order_details_page(const visit& visit, const seen_order& order, const std::string& csrf) {
  html content;
  content << "<p><a href=\"/orders\">" << visit.say(all_orders) << "</a></p>\n<h1>"
          << visit.say(order_word) << " <span class=\"number\">" << order.record.out_trade_no
          << "</span></h1>\n<p>" << badges(visit, order) << "</p>\n";
  if (!order.record.review.empty()) content << review_box(visit, order, csrf);
  content << sessions_box(visit, order, csrf) << history_list(visit, order.history);
  return {visit.say(order_word), content};
}

page order_not_found_page(const visit& visit) {
  html content;
  content << "<h1>" << visit.say(not_found) << "</h1>\n"
          << find_form(visit) << "<p><a href=\"/orders\">" << visit.say(all_orders) << "</a></p>\n";
  return {visit.say(not_found), content};
}
