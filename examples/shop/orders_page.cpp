#include "orders_page.hpp"

#include "keeper_form.hpp"
#include "order_text.hpp"
#include "url.hpp"

namespace sr = stripe_return;

namespace {

constexpr bilingual orders_title = {"Orders", "订单"};
constexpr bilingual nothing_here = {"There is nothing here.", "这里没有内容。"};
constexpr bilingual next_page = {"Next page", "下一页"};
constexpr bilingual unreadable = {"This row of the store cannot be read:",
                                  "存储中的这一行无法读取："};
constexpr bilingual sign_in = {"Sign in", "登录"};
constexpr bilingual for_the_shopkeeper = {"For the shopkeeper", "店主登录"};
constexpr bilingual token_label = {"The token that the shop printed when it started",
                                   "商店启动时打印的口令"};
constexpr bilingual wrong_token = {"That is not the right token.", "口令不正确。"};
constexpr bilingual find_label = {"Find an order by its number, session or PaymentIntent",
                                  "按订单号、Session 或 PaymentIntent 查找"};
constexpr bilingual find = {"Find", "查找"};
constexpr bilingual not_found = {"There is no such order", "没有这个订单"};
constexpr bilingual all_orders = {"All orders", "全部订单"};

struct selection {
  std::string_view word; // in the address
  bilingual name;
  sr::order_query query;
};

sr::order_query in_stage(sr::order_stage stage) {
  sr::order_query query;
  query.stage = stage;
  return query;
}

const std::vector<selection>& selections() {
  static const std::vector<selection> all = [] {
    sr::order_query review;
    review.in_review = true;
    sr::order_query refund;
    refund.to_give_back = true;
    return std::vector<selection>{
        {"", {"All", "全部"}, {}},
        {"to_decide", {"To decide", "待核对"}, review},
        {"to_give_back", {"To refund", "待退款"}, refund},
        {"unmatched", {"Without an order", "无对应订单"}, in_stage(sr::order_stage::unmatched)},
        {"not_paid", {"Not paid", "未付款"}, in_stage(sr::order_stage::open)},
        {"to_send", {"To send", "待发货"}, in_stage(sr::order_stage::due)}};
  }();
  return all;
}

html tabs(const visit& visit, std::string_view shown) {
  html links("<nav class=\"tabs\">\n");
  for (const selection& each : selections()) {
    links << "<a href=\"/orders?show=" << each.word << "\"";
    if (each.word == shown) links << " aria-current=\"page\"";
    links << ">" << visit.say(each.name) << "</a>\n";
  }
  links << "</nav>\n";
  return links;
}

html find_form(const visit& visit) {
  html form("<form action=\"/orders/order\">\n");
  form << text_input(visit, find_label, "number", "number", true) << "<p class=\"buttons\">"
       << button(visit, find) << "</p>\n</form>\n";
  return form;
}

html rows(const visit& visit, const std::vector<sr::order_record>& orders) {
  html items;
  for (const sr::order_record& each : orders) {
    const std::string reference = reference_of(each);
    items << "<li>\n<a class=\"number\" href=\"" << address_of(reference) << "\">" << reference
          << "</a>\n<span>" << amounts_text(amounts_of(each)) << "</span>\n<span class=\"stage\">"
          << stage_text(visit, each) << "</span>\n</li>\n";
  }
  return items;
}

} // namespace

sr::order_query query_for(std::string_view shown) {
  for (const selection& each : selections())
    if (each.word == shown) return each.query;
  return {};
}

page orders_page(const visit& visit, std::string_view shown, const sr::order_page& orders) {
  html content;
  content << "<h1>" << visit.say(orders_title) << "</h1>\n" << tabs(visit, shown);
  if (orders.orders.empty() && orders.unmatched.empty() && orders.unreadable.empty())
    content << "<p>" << visit.say(nothing_here) << "</p>\n";
  content << "<ul class=\"orders\">\n"
          << rows(visit, orders.unmatched) << rows(visit, orders.orders) << "</ul>\n";
  for (const std::string& each : orders.unreadable)
    content << "<p class=\"bad\">" << visit.say(unreadable) << " <code>" << each << "</code></p>\n";
  if (!orders.next_page_token.empty())
    content << "<p><a href=\"/orders?show=" << percent_encoded(shown)
            << "&amp;page=" << percent_encoded(orders.next_page_token) << "\">"
            << visit.say(next_page) << "</a></p>\n";
  content << find_form(visit);
  return {visit.say(orders_title), content};
}

page sign_in_page(const visit& visit, bool refused) {
  html content;
  content << "<article class=\"card\">\n<h1>" << visit.say(for_the_shopkeeper) << "</h1>\n";
  if (refused) content << "<p class=\"bad\" role=\"alert\">" << visit.say(wrong_token) << "</p>\n";
  content << "<form method=\"post\" action=\"/orders/sign-in\">\n<label for=\"token\">"
          << visit.say(token_label)
          << "</label>\n<input id=\"token\" name=\"token\" type=\"password\" required "
             "autocomplete=\"current-password\">\n<p>"
          << button(visit, sign_in, false) << "</p>\n</form>\n</article>\n";
  return {visit.say(for_the_shopkeeper), content};
}

page order_not_found_page(const visit& visit) {
  html content;
  content << "<h1>" << visit.say(not_found) << "</h1>\n"
          << find_form(visit) << "<p><a href=\"/orders\">" << visit.say(all_orders) << "</a></p>\n";
  return {visit.say(not_found), content};
}
