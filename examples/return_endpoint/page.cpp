#include "page.hpp"

#include <stripe_return/client/return_handler.hpp>

#include <string_view>

namespace sr = stripe_return;

namespace {

enum class tone { good, waiting, bad };

struct text {
  tone how;
  const char* title;
  const char* body;
  const char* title_zh;
  const char* body_zh;
};

constexpr text thank_you{tone::good, "Thank you", "Your payment has arrived.", "付款成功",
                         "您的付款已到账。"};
constexpr text confirmed{tone::good, "Thank you",
                         "Your order is complete. There is nothing to pay.", "订单已完成",
                         "本订单无需付款。"};
constexpr text on_its_way{tone::waiting, "Your payment is on its way",
                          "It can take a few days to arrive. You need not do anything, and please "
                          "do not pay again.",
                          "付款处理中", "到账可能需要几天时间。请勿重复付款。"};
constexpr text not_paid{tone::bad, "The payment did not go through",
                        "No money was taken. You can order again.", "付款未成功",
                        "未扣款，您可以重新下单。"};
constexpr text not_yet{tone::waiting, "The order is not paid yet",
                       "You can go back and finish the payment.", "订单尚未付款",
                       "您可以返回并完成付款。"};
constexpr text too_late{tone::bad, "The payment page has expired",
                        "No money was taken. You can order again.", "付款时间已过",
                        "未扣款，您可以重新下单。"};
constexpr text checking{tone::waiting, "We are checking your payment",
                        "Please reload this page in a moment, and do not pay again until then.",
                        "正在确认付款", "请稍后刷新本页，在此之前请勿重复付款。"};
constexpr text with_us{
    tone::waiting, "We are looking into your payment",
    "Something about it needs a closer look. We will get back to you. Please do not pay again.",
    "正在核对付款", "付款信息需要人工核对，我们会与您联系。请勿重复付款。"};
constexpr text bad_link{tone::bad, "This link does not work",
                        "It is not complete. Please go back to the shop and open your order there.",
                        "链接无效", "链接不完整，请返回商店查看您的订单。"};
constexpr text no_such{tone::bad, "We do not know this payment",
                       "Please go back to the shop and open your order there.", "未找到该付款",
                       "请返回商店查看您的订单。"};

text text_for(const sr::order_outcome& outcome) {
  switch (outcome.state()) {
  case sr::order_state::paid: return thank_you;
  case sr::order_state::no_payment_required: return confirmed;
  case sr::order_state::processing: return on_its_way;
  case sr::order_state::failed: return not_paid;
  case sr::order_state::awaiting_payment:
    return outcome.pay_again() == sr::pay_again::yes ? not_yet : checking;
  case sr::order_state::expired:
    return outcome.pay_again() == sr::pay_again::yes ? too_late : checking;
  case sr::order_state::undetermined: return checking;
  case sr::order_state::needs_review: return with_us;
  case sr::order_state::foreign: return no_such;
  }
  return checking;
}

const char* word_for(tone how) {
  switch (how) {
  case tone::good: return "good";
  case tone::waiting: return "waiting";
  case tone::bad: return "bad";
  }
  return "waiting";
}

// `word` is one of the library's own, so nothing here needs escaping.
std::string html_of(const text& text, std::string_view word) {
  std::string html = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="stylesheet" href="/style.css">
<title>)";
  html += text.title;
  html += "</title>\n</head>\n<body>\n<main class=\"";
  html += word_for(text.how);
  html += "\" data-word=\"";
  html += word;
  html += "\">\n<h1>";
  html += text.title;
  html += "</h1>\n<p>";
  html += text.body;
  html += "</p>\n<div lang=\"zh-Hans\">\n<h2>";
  html += text.title_zh;
  html += "</h2>\n<p>";
  html += text.body_zh;
  html += "</p>\n</div>\n</main>\n</body>\n</html>\n";
  return html;
}

} // namespace

page page_for(const sr::order_outcome& outcome) {
  return {200, html_of(text_for(outcome), to_string(outcome.state()))};
}

page page_for(const sr::error& failure) {
  const int status = sr::http_answer(failure);
  const text& shown = status == 400 ? bad_link : status == 404 ? no_such : checking;
  return {status, html_of(shown, to_string(failure.code))};
}

std::string style_sheet() {
  return R"(:root { color-scheme: light dark; --good: #14713d; --waiting: #8a5a00; --bad: #a3262e; }
@media (prefers-color-scheme: dark) { :root { --good: #6fd39b; --waiting: #e8b95a; --bad: #f08a90; } }
body { margin: 0; min-height: 100vh; display: grid; place-items: center;
       font: 1.125rem/1.6 system-ui, "Noto Sans CJK SC", sans-serif; }
main { box-sizing: border-box; max-width: 32rem; margin: 1.5rem; padding: 1rem 2rem;
       border-left: .375rem solid var(--tone); }
main.list { max-width: 60rem; border: 0; }
main.good { --tone: var(--good); }
main.waiting { --tone: var(--waiting); }
main.bad { --tone: var(--bad); }
h1 { margin: .5rem 0; font-size: 1.75rem; line-height: 1.25; color: var(--tone); }
h2 { margin: 1.5rem 0 0; font-size: 1.125rem; }
p { margin: .25rem 0 .5rem; }
table { border-collapse: collapse; }
td, th { padding: .375rem 1rem .375rem 0; text-align: left; vertical-align: top; }
)";
}
