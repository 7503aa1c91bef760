#include "customer_pages.hpp"

#include "status_text.hpp"

namespace sr = stripe_return;

namespace {

constexpr bilingual buy = {"Buy and pay", "立即购买"};
constexpr bilingual go_on = {"Continue to payment", "继续付款"};
constexpr bilingual pay_again = {"Pay again", "重新付款"};
constexpr bilingual try_again = {"Try again", "再试一次"};
constexpr bilingual look_again = {"Check again", "刷新状态"};
constexpr bilingual to_the_shop = {"Back to the shop", "返回商店"};
constexpr bilingual your_order = {"You have an order that is not paid yet", "查看您尚未付款的订单"};
constexpr bilingual order_number = {"Order number", "订单号"};
constexpr bilingual item = {"Item", "商品"};
constexpr bilingual amount = {"Amount", "金额"};
constexpr bilingual what_next = {"What comes next", "接下来"};
constexpr bilingual picture = {"A cup of tea", "一杯茶"};
constexpr bilingual price = {"Price", "价格"};
constexpr bilingual secure = {"You pay on Stripe's page. We never see your card.",
                              "您将在 Stripe 的安全页面付款，我们不会接触您的卡号。"};

struct notice_text {
  tone how;
  bilingual title;
  bilingual body;
};

notice_text text_for(notice what) {
  switch (what) {
  case notice::thank_you:
    return {tone::good,
            {"Thank you", "谢谢"},
            {"To see your order, please open this shop in the browser that you ordered in.",
             "如需查看订单，请使用下单时的浏览器打开本店。"}};
  case notice::still_asking:
    return {tone::waiting,
            {"We are checking your payment", "正在确认付款"},
            {"We do not know yet whether it went through. This page checks again in a moment. "
             "Please do not pay again.",
             "暂时无法确认付款结果，稍后会自动重试。请勿重复付款。"}};
  case notice::bad_link:
    return {tone::bad,
            {"This link does not work", "链接无效"},
            {"Part of it is missing. Please open this shop in the browser that you ordered in.",
             "链接不完整，请使用下单时的浏览器打开本店。"}};
  case notice::unknown_payment:
    return {tone::bad,
            {"We do not know this payment", "找不到这笔付款"},
            {"Please open this shop in the browser that you ordered in.",
             "请使用下单时的浏览器打开本店。"}};
  case notice::unknown_order:
    return {tone::bad,
            {"We cannot show you this order", "这里没有您的订单"},
            {"Please open this shop in the browser that you ordered in.",
             "请使用下单时的浏览器打开本店。"}};
  case notice::no_such_page:
    return {tone::bad,
            {"This page does not exist", "页面不存在"},
            {"The address may be wrong.", "请检查网址是否正确。"}};
  case notice::cannot_pay_now:
    return {
        tone::bad,
        {"The payment page cannot be opened", "暂时无法打开付款页面"},
        {"We have kept your order. Please try again in a minute.", "订单已为您保留，请稍后再试。"}};
  case notice::from_elsewhere:
    return {tone::bad,
            {"This request came from another site", "请求来自其他网站"},
            {"Nothing was done. Please start from this shop.", "未执行任何操作，请从本店开始。"}};
  case notice::fault:
    return {tone::bad,
            {"Something went wrong", "出错了"},
            {"It is not your fault. Please try again in a minute.", "是我们的问题，请稍后再试。"}};
  }
  return {tone::bad, {}, {}};
}

html opened_card(tone how, std::string_view title, std::string_view body) {
  html card;
  switch (how) {
  case tone::good: card << "<p class=\"mark good\" aria-hidden=\"true\">✓</p>\n"; break;
  case tone::waiting: card << "<p class=\"mark waiting\" aria-hidden=\"true\">…</p>\n"; break;
  case tone::bad: card << "<p class=\"mark bad\" aria-hidden=\"true\">!</p>\n"; break;
  }
  card << "<h1>" << title << "</h1>\n<p>" << body << "</p>\n";
  return card;
}

html pay_form(const std::string& out_trade_no, std::string_view label) {
  html form;
  form << "<form method=\"post\" action=\"/create-checkout-session\">\n"
          "<input type=\"hidden\" name=\"order\" value=\""
       << out_trade_no << "\">\n<button>" << label << "</button>\n</form>\n";
  return form;
}

html fact(const visit& visit, const bilingual& name, std::string_view value) {
  html row;
  row << "<dt>" << visit.say(name) << "</dt>\n<dd>" << value << "</dd>\n";
  return row;
}

html link_to_the_shop(const visit& visit) {
  html link;
  link << "<p><a href=\"/\">" << visit.say(to_the_shop) << "</a></p>\n";
  return link;
}

page notice_with(const visit& visit, notice what, const html& more) {
  const notice_text text = text_for(what);
  html content;
  content << "<article class=\"card\">\n"
          << opened_card(text.how, visit.say(text.title), visit.say(text.body)) << more
          << "</article>\n"
          << link_to_the_shop(visit);
  return {visit.say(text.title), content};
}

} // namespace

page product_page(const visit& visit, const tea& tea, const std::string& open_order) {
  html content;
  content << "<article class=\"product\">\n<img src=\"/tea.svg\" alt=\"" << visit.say(picture)
          << "\" width=\"320\" height=\"320\">\n<div>\n<h1>" << visit.say(tea.name) << "</h1>\n<p>"
          << visit.say(tea.about) << "</p>\n<p class=\"price\"><span class=\"hidden\">"
          << visit.say(price) << " </span>" << tea.price_in(visit.shown_in)
          << "</p>\n<form method=\"post\" action=\"/create-checkout-session\">\n<button>"
          << visit.say(buy) << "</button>\n</form>\n<p class=\"small\">" << visit.say(secure)
          << "</p>\n";
  if (!open_order.empty()) {
    content << "<p><a href=\"/order/" << open_order << "\">" << visit.say(your_order)
            << "</a></p>\n";
  }
  content << "</div>\n</article>\n";
  return {visit.say(tea.name), content};
}

page order_page(const visit& visit, const tea& tea, const std::string& out_trade_no,
                const sr::customer_view& view) {
  const status_text text = text_for(view);
  html content;
  // shop.js looks at these words, and puts a newer article in the place of this one.
  content << "<div id=\"order\" role=\"status\" aria-live=\"polite\">\n<article class=\"card\""
             " data-order=\""
          << out_trade_no << "\" data-state=\"" << to_string(view.state) << "\" data-next_step=\""
          << to_string(view.next_step) << "\" data-pay_again=\"" << to_string(view.pay_again)
          << "\" data-poll_after=\"" << std::to_string(view.poll_after.count()) << "\">\n"
          << opened_card(text.how, visit.say(text.title), visit.say(text.body))
          << "<dl class=\"facts\">\n"
          << fact(visit, item, visit.say(tea.name))
          << fact(visit, amount, tea.price_in(visit.shown_in))
          << fact(visit, order_number, out_trade_no) << fact(visit, what_next, visit.say(text.next))
          << "</dl>\n";
  if (text.to != invitation::none) {
    content << pay_form(out_trade_no, visit.say(text.to == invitation::go_on ? go_on : pay_again));
  }
  if (view.poll_after.count() > 0)
    content << "<p><a href=\"\">" << visit.say(look_again) << "</a></p>\n";
  content << "</article>\n</div>\n" << link_to_the_shop(visit);
  return {visit.say(text.title), content, view.poll_after};
}

page notice_page(const visit& visit, notice what) {
  if (what != notice::still_asking) return notice_with(visit, what, {});
  html link;
  link << "<p><a id=\"load_again\" href=\"\">" << visit.say(look_again) << "</a></p>\n";
  page made = notice_with(visit, what, link);
  made.look_again_after = std::chrono::seconds(5); // as shop.js does
  return made;
}

page cannot_pay_page(const visit& visit, const std::string& out_trade_no) {
  return notice_with(visit, notice::cannot_pay_now, pay_form(out_trade_no, visit.say(try_again)));
}
