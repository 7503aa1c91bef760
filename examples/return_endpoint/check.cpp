#include "check.hpp"

#include "demo.hpp"

#include <httplib.h>

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace {

// "" when the answer is what the visitor should see.
std::string fault_of(const httplib::Result& answer, int http_status, const std::string& word) {
  if (!answer) return "no answer";
  if (answer->status != http_status) return "status " + std::to_string(answer->status);
  if (answer->body.find("data-word=\"" + word + "\"") == std::string::npos) {
    return "another page";
  }
  if (answer->get_header_value("Cache-Control") != "no-store") return "may be kept";
  if (answer->get_header_value("Referrer-Policy") != "no-referrer") return "tells its address on";
  for (const char* private_word : {"cs_test", "cs_live", "pi_", "demo-1", "tea-", "1774256", "@"}) {
    if (answer->body.find(private_word) != std::string::npos) return "shows too much";
  }
  return {};
}

// What is before and after the path of a URL.
std::pair<std::string, std::string> split(const std::string& url) {
  const std::size_t path = url.find('/', url.find("://") + 3);
  return {url.substr(0, path), url.substr(path)};
}

// Buys something and does so much on Stripe's page, or lets Stripe do it (`/_fake`), before the
// browser comes back.
struct way_through_checkout {
  const char* name;
  std::vector<std::string> clicks;
  std::vector<std::string> happenings;
  const char* word;
};

std::string fault_of(httplib::Client& browser, const way_through_checkout& way) {
  const auto bought = browser.Post("/buy");
  if (!bought || bought->status != 303) return "nothing can be bought";
  const std::string cookie = bought->get_header_value("Set-Cookie");
  const auto [stripe, page] = split(bought->get_header_value("Location"));
  const std::string id = page.substr(page.rfind('/') + 1, page.find('#') - page.rfind('/') - 1);
  std::string target = "/stripe_return?session_id=" + id;
  for (const std::string& click : way.clicks) {
    const auto clicked =
        httplib::Client(stripe).Post(page, "action=" + click, "application/x-www-form-urlencoded");
    if (!clicked) return "Stripe's page does not answer";
    const std::string back = clicked->get_header_value("Location");
    if (!back.empty() && split(back).second != "/") target = split(back).second;
  }
  for (const std::string& happening : way.happenings) {
    const auto happened = httplib::Client(stripe).Post("/_fake/sessions/" + id + "/" + happening,
                                                       "", "application/json");
    if (!happened || happened->status != 200) return "cannot " + happening;
  }
  return fault_of(browser.Get(target, {{"Cookie", cookie.substr(0, cookie.find(';'))}}), 200,
                  way.word);
}

class tally {
public:
  void add(const std::string& name, const std::string& word, const std::string& fault) {
    ++(fault.empty() ? passed_ : failed_);
    std::printf("%-4s %s: %s%s%s\n", fault.empty() ? "ok" : "FAIL", name.c_str(), word.c_str(),
                fault.empty() ? "" : ", ", fault.c_str());
  }
  int exit_code() const {
    std::printf("%d passed, %d failed\n", passed_, failed_);
    return failed_ == 0 && passed_ != 0 ? 0 : 1;
  }

private:
  int passed_ = 0;
  int failed_ = 0;
};

} // namespace

int check_every_visit(int port) {
  httplib::Client browser("127.0.0.1", port);
  tally results;
  for (const demo::visit& visit : demo::visits()) {
    httplib::Headers headers;
    if (visit.order) headers.emplace("Cookie", "out_trade_no=" + visit.order->out_trade_no);
    results.add(visit.name, visit.word,
                fault_of(browser.Get(visit.target, headers), visit.http_status, visit.word));
  }
  for (const way_through_checkout& way : std::vector<way_through_checkout>{
           {"Bought and paid", {"pay"}, {}, "paid"},
           {"Bought, declined, then paid", {"decline", "pay"}, {}, "paid"},
           {"Bought and declined", {"decline"}, {}, "awaiting_payment"},
           {"Bought and left", {"leave"}, {}, "awaiting_payment"},
           {"Bought, a delayed payment", {"pay_later"}, {}, "processing"},
           {"Bought, a delayed payment arrived", {"pay_later"}, {"succeed"}, "paid"},
           {"Bought, a delayed payment failed", {"pay_later"}, {"fail"}, "failed"},
           {"Bought, and the session expired", {}, {"expire"}, "expired"},
       })
    results.add(way.name, way.word, fault_of(browser, way));
  return results.exit_code();
}
