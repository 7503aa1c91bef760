#include "check_people.hpp"

#include "check_expect.hpp"

#include <utility>

void customer::buy(const form& fields) {
  paying = browser.post("/create-checkout-session", fields);
  expect(paying.status == 200 && paying.url.find("/c/pay/") != std::string::npos,
         "no payment page");
  const std::string path = split_url(paying.url).second;
  session = path.substr(path.rfind('/') + 1);
}

shown_page customer::click(const std::string& action) {
  shown_page back = browser.post(paying.url, {{"action", action}});
  order = back.attribute("data-order");
  return back;
}

void customer::expect_later(const std::string& state, const std::string& pay_again) {
  eventually(
      [&] { return browser.get("/order/" + order + "/status").has("\"state\":\"" + state + "\""); },
      "it does not become " + state);
  expect_order(browser.get("/order/" + order), state, pay_again);
}

keeper_visit::keeper_visit(const std::string& shop, const std::string& token) : browser(shop) {
  expect(browser.get("/orders?token=" + token).url == shop + "/orders",
         "the token stays in the address");
}

shown_page keeper_visit::act(const std::string& action, const std::string& reference, form fields) {
  const std::string page = see(reference).body;
  const std::size_t at = page.find("name=\"csrf\" value=\"");
  expect(at != std::string::npos, "there is no form");
  const std::size_t begin = page.find("value=\"", at) + 7;
  fields.emplace("csrf", page.substr(begin, page.find('"', begin) - begin));
  fields.emplace("number", reference);
  return browser.post("/orders/" + action, fields);
}

shown_page keeper_visit::resolve(const std::string& reference, const std::string& verdict,
                                 form fields) {
  fields.emplace("review", see(reference).attribute("data-review"));
  fields.emplace("verdict", verdict);
  return act("resolve", reference, std::move(fields));
}

void keeper_visit::expect_history(const std::string& reference, const std::string& words,
                                  int times) {
  const std::string line = " " + words + "</code>";
  const auto count = [&] {
    const std::string page = see(reference).body;
    int found = 0;
    for (std::size_t at = page.find(line); at != std::string::npos; at = page.find(line, at + 1))
      ++found;
    return found;
  };
  eventually([&] { return count() >= times; }, "its history has no '" + words + "'");
  expect(count() == times, "its history has '" + words + "' too often");
}

void keeper_visit::expect_stage(const std::string& reference, const std::string& stage) {
  eventually([&] { return see(reference).attribute("data-stage") == stage; },
             "it does not become " + stage);
}

void expect_order(const shown_page& page, const std::string& state, const std::string& pay_again) {
  expect(page.status == 200, "status " + std::to_string(page.status));
  expect(page.attribute("data-state") == state,
         "it shows " + page.attribute("data-state") + ", not " + state);
  expect(page.attribute("data-pay_again") == pay_again, "pay again is not " + pay_again);
  expect(page.has("<button>") == (pay_again == "yes"), "the button is wrong");
  expect(page.cache_control == "no-store", "it may be kept");
  expect(page.has("<dd>Longjing green tea, 50 g</dd>") && page.has("<dd>CN¥68.00</dd>"),
         "it does not say what was ordered");
  expect(page.url.find("cs_test_") == std::string::npos && page.url.find('?') == std::string::npos,
         "there are ids in its address");
}
