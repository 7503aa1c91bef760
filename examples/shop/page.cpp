#include "page.hpp"

#include <algorithm>

namespace {

constexpr bilingual shop_name = {"The Tea Shop", "清和茶铺"};
constexpr bilingual skip = {"Skip to the content", "跳到正文"};
constexpr bilingual no_money = {"A demonstration: no money moves.", "演示商店：不会产生真实扣款。"};

html language_switch(const visit& visit) {
  const language other =
      visit.shown_in == language::chinese ? language::english : language::chinese;
  html link;
  link << "<a class=\"language\" rel=\"nofollow\" href=\"" << in_language(visit, other)
       << "\" hreflang=\"" << html_lang(other) << "\" lang=\"" << html_lang(other) << "\">"
       << (other == language::chinese ? std::string_view("中文") : std::string_view("English"))
       << "</a>\n";
  return link;
}

} // namespace

std::string in_language(const visit& visit, language wanted) {
  std::string made = visit.path + '?';
  std::string_view rest = visit.query;
  while (!rest.empty()) {
    const std::string_view parameter = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(parameter.size() + 1, rest.size()));
    if (parameter.substr(0, 5) != "lang=" && !parameter.empty()) made.append(parameter) += '&';
  }
  return made.append("lang=").append(code_of(wanted));
}

std::string whole_page(const visit& visit, const page& page) {
  html text;
  text << "<!doctype html>\n<html lang=\"" << html_lang(visit.shown_in)
       << "\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n<title>"
       << page.title << " · " << visit.say(shop_name)
       << "</title>\n<link rel=\"icon\" href=\"/tea.svg\" type=\"image/svg+xml\">\n"
          "<link rel=\"stylesheet\" href=\"/shop.css\">\n"
          "<script src=\"/shop.js\" defer></script>\n"
       << page.scripts;
  if (page.look_again_after.count() > 0) {
    // With its address: one with a fragment, as Stripe's may be kept, would only be scrolled to.
    text << "<noscript><meta http-equiv=\"refresh\" content=\""
         << std::to_string(page.look_again_after.count()) << ";url=" << visit.path << "?"
         << visit.query << "\"></noscript>\n";
  }
  text << "</head>\n<body>\n<a class=\"skip\" href=\"#content\">" << visit.say(skip)
       << "</a>\n<header>\n<a class=\"brand\" href=\"/\">"
          "<img src=\"/tea.svg\" alt=\"\" width=\"32\" height=\"32\"> "
       << visit.say(shop_name) << "</a>\n"
       << language_switch(visit) << "</header>\n<main id=\"content\">\n"
       << page.content << "</main>\n";
  if (visit.demonstration) text << "<footer>" << visit.say(no_money) << "</footer>\n";
  text << "</body>\n</html>\n";
  return text.str();
}
