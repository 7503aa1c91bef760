#include "fake_stripe/page_icon.hpp"

namespace stripe_return {
inline namespace v0 {
namespace fake {
namespace {

html drawing(const html& shapes) {
  html svg = "<svg width=\"32\" height=\"24\" viewBox=\"0 0 32 24\" aria-hidden=\"true\">";
  return svg << shapes << "</svg>";
}

html line_drawing(const html& shapes) {
  html svg =
      "<svg width=\"20\" height=\"20\" viewBox=\"0 0 20 20\" fill=\"none\" stroke=\"#545d70\""
      " stroke-width=\"1.7\" stroke-linecap=\"round\" stroke-linejoin=\"round\""
      " aria-hidden=\"true\">";
  return svg << shapes << "</svg>";
}

} // namespace

html icon_of(method_icon icon) {
  switch (icon) {
  case method_icon::card:
    return drawing("<rect width=\"32\" height=\"24\" rx=\"4\" fill=\"#2a3350\"/>"
                   "<rect y=\"5\" width=\"32\" height=\"4\" fill=\"#8f9bbd\"/>"
                   "<rect x=\"4\" y=\"14\" width=\"7\" height=\"5\" rx=\"1\" fill=\"#f2c14e\"/>"
                   "<rect x=\"20\" y=\"16\" width=\"8\" height=\"2\" rx=\"1\" fill=\"#8f9bbd\"/>");
  case method_icon::alipay:
    return drawing("<rect width=\"32\" height=\"24\" rx=\"4\" fill=\"#1677ff\"/>"
                   "<path d=\"M9 7h14M16 4v6M10 11h11q-2 6-11 9M13 13q5 3 10 6\" fill=\"none\""
                   " stroke=\"#fff\" stroke-width=\"2\" stroke-linecap=\"round\"/>");
  case method_icon::wechat_pay:
    return drawing("<rect width=\"32\" height=\"24\" rx=\"4\" fill=\"#07a44f\"/>"
                   "<path d=\"M16 4c-5.5 0-9.5 3.3-9.5 7.4 0 2.3 1.3 4.4 3.4 5.8l-.9 2.8"
                   " 3.5-1.8c1.1.3 2.3.5 3.5.5 5.5 0 9.5-3.2 9.5-7.3"
                   "S21.5 4 16 4z\" fill=\"#fff\"/>"
                   "<path d=\"M11.5 11.3l3.2 3 6.3-6\" fill=\"none\" stroke=\"#07a44f\""
                   " stroke-width=\"2\" stroke-linecap=\"round\" stroke-linejoin=\"round\"/>");
  case method_icon::bank:
    return drawing("<rect width=\"32\" height=\"24\" rx=\"4\" fill=\"#e6eaf2\"/>"
                   "<path d=\"M16 4l9 5H7zM9 10.5h2.5v6H9zM14.75 10.5h2.5v6h-2.5z"
                   "M20.5 10.5H23v6h-2.5zM7.5 18h17v2h-17z\" fill=\"#3a4560\"/>");
  case method_icon::voucher:
    return drawing("<rect width=\"32\" height=\"24\" rx=\"4\" fill=\"#e6eaf2\"/>"
                   "<path d=\"M7 5h1.5v14H7zM10 5h3v14h-3zM14.5 5H16v14h-1.5zM18 5h3v14h-3z"
                   "M23 5h2v14h-2z\" fill=\"#3a4560\"/>");
  case method_icon::wallet: break;
  }
  return drawing("<rect width=\"32\" height=\"24\" rx=\"4\" fill=\"#e6eaf2\"/>"
                 "<path d=\"M8 8.5h15a1.5 1.5 0 0 1 1.5 1.5v8a1.5 1.5 0 0 1-1.5 1.5H8"
                 "a1.5 1.5 0 0 1-1.5-1.5V6.5A1.5 1.5 0 0 1 8 5h13\" fill=\"none\""
                 " stroke=\"#3a4560\" stroke-width=\"1.7\"/>"
                 "<circle cx=\"20.5\" cy=\"14\" r=\"1.5\" fill=\"#3a4560\"/>");
}

html shop_icon() {
  return line_drawing("<path d=\"M3 8l1.5-5h11L17 8M3 8a2.3 2.3 0 0 0 4.67 0 2.3 2.3 0 0 0"
                      " 4.67 0A2.3 2.3 0 0 0 17 8M4.5 11v6h11v-6M8.5 17v-3.5h3V17\"/>");
}

html back_icon() {
  return line_drawing("<path d=\"M16 10H4M9 5l-5 5 5 5\"/>");
}

} // namespace fake
} // namespace v0
} // namespace stripe_return
