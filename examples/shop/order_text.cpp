#include "order_text.hpp"

#include "order_words.hpp"
#include "url.hpp"

#include <ctime>

namespace sr = stripe_return;

namespace {

std::string_view tone_of(const sr::order_record& order) {
  if (order.waits_for == sr::waits_for::person || order.waits_for == sr::waits_for::refund ||
      order.stage == sr::order_stage::unmatched)
    return "badge bad";
  if (order.waits_for != sr::waits_for::nothing) return "badge waiting";
  return order.stage == sr::order_stage::fulfilled ? "badge good" : "badge";
}

} // namespace

std::string time_text(sr::unix_seconds at) {
  const std::time_t seconds = at;
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &utc);
  return text;
}

html since_text(const visit& visit, sr::unix_seconds at) {
  html text;
  text << visit.say({"since", "自"}) << " <time>" << time_text(at) << "</time>";
  return text;
}

std::string amounts_text(const std::vector<sr::money>& amounts) {
  std::string text;
  for (const sr::money& each : amounts)
    text += (text.empty() ? "" : ", ") + to_string(each);
  return text;
}

std::vector<sr::money> amounts_of(const sr::order_record& order) {
  if (!order.expectations.empty()) return order.expectations.back().amounts;
  if (!order.review_items.empty()) return order.review_items.back().amounts;
  return {};
}

html stage_text(const visit& visit, const sr::order_record& order) {
  html text;
  text << "<span class=\"" << tone_of(order) << "\" data-stage=\"" << to_string(order.stage)
       << "\">" << visit.say(words_for(order.stage)) << "</span>\n";
  if (order.waits_for != sr::waits_for::nothing)
    text << "<span class=\"small\" data-waits_for=\"" << to_string(order.waits_for) << "\">"
         << visit.say(words_for(order.waits_for)) << ", " << since_text(visit, order.waits_since)
         << "</span>\n";
  return text;
}

html reasons_text(const visit& visit, const std::vector<sr::reason>& reasons) {
  html text;
  for (const sr::reason why : reasons)
    text << "<p>" << visit.say(words_for(why)) << " <code>" << to_string(why) << "</code></p>\n";
  return text;
}

std::string reference_of(const sr::order_record& order) {
  if (!order.out_trade_no.empty() || order.sessions.empty()) return order.out_trade_no;
  return order.sessions.front().facts.id;
}

std::string address_of(const std::string& reference) {
  return "/orders/order?number=" + percent_encoded(reference);
}
