#include "check.hpp"

#include "check_browser.hpp"
#include "check_expect.hpp"
#include "check_stripe.hpp"

#include <cstdio>
#include <functional>
#include <string>

namespace {

// One customer in one browser.
class customer {
public:
  explicit customer(const std::string& shop) : browser(shop) {}

  // Until Stripe's page is open.
  void buy(const form& fields = {}) {
    paying = browser.post("/create-checkout-session", fields);
    expect(paying.status == 200 && paying.url.find("/c/pay/") != std::string::npos,
           "no payment page");
    const std::string path = split_url(paying.url).second;
    session = path.substr(path.rfind('/') + 1);
  }
  shown_page click(const std::string& action) {
    return browser.post(paying.url, {{"action", action}});
  }
  // Back in the shop.
  shown_page pay(const std::string& action = "pay") {
    shown_page back = click(action);
    order = back.attribute("data-order");
    return back;
  }

  check_browser browser;
  shown_page paying;
  std::string session;
  std::string order;
};

class ways {
public:
  explicit ways(const shop& shop)
      : url_(shop.url()), token_(shop.keeper.token()), stripe_(shop.fake_stripe()->url()),
        keeper_(url_) {}

  void pay() {
    customer someone(url_);
    someone.buy();
    expect_order(someone.pay(), "paid", "no");
  }

  void decline_then_pay() {
    customer someone(url_);
    someone.buy();
    expect(someone.click("decline").has("declined"), "it was not declined");
    expect_order(someone.pay(), "paid", "no");
  }

  void delayed(const std::string& happening, const std::string& state, const std::string& again) {
    customer someone(url_);
    someone.buy();
    expect_order(someone.pay("pay_later"), "processing", "no");
    const shown_page refused =
        someone.browser.post("/create-checkout-session", {{"order", someone.order}});
    expect_order(refused, "processing", "no");
    stripe_.let(someone.session, happening);
    expect_later(someone, state, again);
    if (again == "yes") {
      someone.buy({{"order", someone.order}});
      expect_order(someone.pay(), "paid", "no");
    }
  }

  void leave_and_come_back() {
    customer someone(url_);
    someone.buy();
    const std::string session = someone.session;
    expect_order(someone.click("leave"), "awaiting_payment", "yes");
    expect(someone.browser.get("/").has("/order?number="), "the shop does not show the order");
    someone.buy();
    expect(someone.session == session, "a second session was made");
    expect_order(someone.pay(), "paid", "no");
  }

  void expire_then_begin_again() {
    customer someone(url_);
    someone.buy();
    const std::string first = someone.session;
    const std::string order = someone.click("leave").attribute("data-order");
    stripe_.advance_clock(25 * 60 * 60);
    someone.order = order;
    expect_later(someone, "expired", "yes");
    someone.buy({{"order", order}});
    expect(someone.session != first, "the session is still the expired one");
    expect_order(someone.pay(), "paid", "no");
    expect(someone.order == order, "another order was paid");
  }

  void refresh_after_paid() {
    customer someone(url_);
    someone.buy();
    const shown_page back = someone.pay();
    expect_order(someone.browser.get(back.url), "paid", "no");
    expect_order(someone.browser.get(back.url), "paid", "no");
    expect_order(someone.browser.post("/create-checkout-session", {{"order", someone.order}}),
                 "paid", "no");
    expect_history(someone.order, "fulfilled", 1);
  }

  void another_browser() {
    customer someone(url_);
    someone.buy();
    const std::string back = someone.pay().url;
    check_browser other(url_);
    expect_order(other.get(back), "paid", "no");
    expect(other.get("/session-status?number=" + someone.order).status == 200,
           "the token did not make it the customer's browser");
    check_browser stranger(url_);
    const std::string without = back.substr(0, back.find("&order_token="));
    expect(without != back, "there is no token in the return URL");
    expect_neutral(stranger.get(without), someone.order);
    expect(stranger.get("/session-status?number=" + someone.order).status == 404,
           "a stranger sees the order");
  }

  void somebody_elses_session() {
    customer someone(url_);
    customer other(url_);
    someone.buy();
    other.buy();
    other.pay();
    expect_neutral(someone.browser.get("/return?session_id=" + other.session), other.order);
    expect_neutral(
        someone.browser.get("/return?order=" + other.order + "&session_id=" + other.session),
        other.order);
    expect(someone.browser.get("/return?session_id=cs_test_none").status == 404,
           "an unknown session is known");
    expect(someone.browser.get("/return").status == 400, "a return without a session is taken");
  }

  void webhook_first() {
    customer someone(url_);
    someone.buy();
    const std::string order = someone.click("leave").attribute("data-order");
    stripe_.hide_events();
    stripe_.let(someone.session, "pay");
    stripe_.deliver_webhooks();
    expect_history(order, "webhook paid", 1);
    stripe_.end_faults();
    expect_order(someone.browser.get("/return?order=" + order + "&session_id=" + someone.session),
                 "paid", "no");
    expect_history(order, "fulfilled", 1);
  }

  void return_first() {
    customer someone(url_);
    someone.buy();
    stripe_.hide_events();
    stripe_.delay_webhooks(600);
    expect_order(someone.pay(), "paid", "no");
    expect_history(someone.order, "return paid", 1);
    stripe_.delay_webhooks(0);
    stripe_.deliver_webhooks();
    stripe_.end_faults();
    expect_history(someone.order, "fulfilled", 1);
  }

  void stripe_is_down() {
    customer someone(url_);
    someone.buy();
    stripe_.delay_webhooks(600);
    stripe_.go_down();
    const shown_page asking = someone.click("pay");
    expect(asking.status == 503 && !asking.has("data-state") && !asking.has("<button>"),
           "it says more than it can know");
    expect(asking.has("http-equiv=\"refresh\""), "it does not ask again");
    customer other(url_);
    const shown_page refused = other.browser.post("/create-checkout-session");
    expect(refused.status == 503 && refused.has("<button>"), "it cannot be tried again");
    stripe_.end_faults();
    expect_order(someone.browser.get(asking.url), "paid", "no");
    other.buy({{"order", refused.attribute("value")}});
    expect_order(other.pay(), "paid", "no");
    stripe_.delay_webhooks(0);
    stripe_.deliver_webhooks();
  }

  void webhook_lost() {
    customer someone(url_);
    someone.buy();
    const std::string order = someone.click("leave").attribute("data-order");
    stripe_.lose_webhooks(1);
    stripe_.let(someone.session, "pay");
    expect_history(order, "sweep paid", 1);
    expect_history(order, "fulfilled", 1);
  }

  void wrong_token() {
    check_browser stranger(url_);
    expect(stranger.get("/orders").status == 403, "anybody sees the orders");
    expect(stranger.get("/orders?token=0123").status == 403, "any token is taken");
    expect(stranger.post("/orders/sign-in", {{"token", ""}}).status == 403, "no token is taken");
    expect(stranger.get("/orders/order?number=x").status == 403, "anybody sees an order");
    expect(stranger.post("/orders/resolve", {{"csrf", ""}}).status == 403, "anybody resolves");
    expect(keeper_.get("/orders?token=" + token_).url == url_ + "/orders",
           "the token stays in the address");
    expect(keeper_.post("/orders/ask", {{"number", "x"}}).status == 403,
           "a form without its token is taken");
  }

  void review(const std::string& verdict) {
    customer someone(url_);
    someone.buy();
    const std::string order = someone.click("leave").attribute("data-order");
    someone.order = order;
    stripe_.let(stripe_.make_session(order), "pay"); // of somebody who knows the order's number
    expect_later(someone, "needs_review", "no");
    expect(keeper_.get("/orders").has(order), "the order is not in the list");
    const shown_page details = keeper_.get("/orders/order?number=" + order);
    expect(details.has("session_not_issued"), "the reason is not shown");
    const form fields = {{"csrf", csrf_in(details)},
                         {"number", order},
                         {"verdict", verdict},
                         {"note", "<b>looked</b> & saw"}};
    const shown_page resolved = keeper_.post("/orders/resolve", fields);
    expect(resolved.has("&lt;b&gt;looked&lt;/b&gt; &amp; saw"), "the note is not escaped");
    expect(!resolved.has("verdict"), "it is still in review");
    if (verdict == "accept") expect_history(order, "fulfilled", 1);
  }

  void ask_now() {
    customer someone(url_);
    someone.buy();
    const std::string order = someone.click("leave").attribute("data-order");
    stripe_.hide_events();
    stripe_.lose_webhooks(1);
    stripe_.let(someone.session, "pay");
    keeper_.post("/orders/ask", {{"csrf", csrf_in(details_of(order))}, {"number", order}});
    expect_history(order, "shopkeeper paid", 1);
    stripe_.end_faults();
  }

private:
  static void expect_order(const shown_page& page, const std::string& state,
                           const std::string& pay_again) {
    expect(page.status == 200, "status " + std::to_string(page.status));
    expect(page.attribute("data-state") == state,
           "it shows " + page.attribute("data-state") + ", not " + state);
    expect(page.attribute("data-pay_again") == pay_again, "pay again is not " + pay_again);
    expect(page.has("<button>") == (pay_again == "yes"), "the button is wrong");
    expect(page.cache_control == "no-store", "it may be kept");
  }

  static void expect_neutral(const shown_page& page, const std::string& order) {
    expect(page.status == 200, "status " + std::to_string(page.status));
    expect(!page.has("data-state") && !page.has("<button>"), "it shows somebody's order");
    // Its own address is there, to see it in another language.
    expect(!page.has("data-order=\"" + order), "it names somebody's order");
  }

  static void expect_later(customer& someone, const std::string& state, const std::string& again) {
    eventually(
        [&] {
          return someone.browser.get("/session-status?number=" + someone.order)
              .has("\"state\":\"" + state + "\"");
        },
        "it does not become " + state);
    expect_order(someone.browser.get("/order?number=" + someone.order), state, again);
  }

  shown_page details_of(const std::string& order) {
    return keeper_.get("/orders/order?number=" + order);
  }

  // So many lines of the order's history, and no more, have these words.
  void expect_history(const std::string& order, const std::string& words, int times) {
    const auto count = [&] {
      const shown_page page = details_of(order);
      int found = 0;
      const std::string line = words.find(' ') == std::string::npos ? " " + words : ">" + words;
      for (std::size_t at = page.body.find(line + "</code>"); at != std::string::npos;
           at = page.body.find(line + "</code>", at + 1))
        ++found;
      return found;
    };
    eventually([&] { return count() >= times; }, "its history has no '" + words + "'");
    expect(count() == times, "its history has '" + words + "' too often");
  }

  static std::string csrf_in(const shown_page& page) {
    const std::size_t at = page.body.find("name=\"csrf\" value=\"");
    expect(at != std::string::npos, "there is no form");
    const std::size_t begin = page.body.find("value=\"", at) + 7;
    return page.body.substr(begin, page.body.find('"', begin) - begin);
  }

  const std::string url_;
  const std::string token_;
  stripe_hand stripe_;
  check_browser keeper_;
};

} // namespace

int check_every_way(const shop& shop) {
  ways all(shop);
  int failed = 0;
  const auto check = [&](const char* name, const std::function<void()>& way) {
    std::string text;
    try {
      way();
    } catch (const fault& found) {
      text = found.text;
      ++failed;
    }
    std::printf("%-4s %s%s%s\n", text.empty() ? "ok" : "FAIL", name, text.empty() ? "" : ": ",
                text.c_str());
    std::fflush(stdout);
  };
  check("the shopkeeper's token is asked for", [&] { all.wrong_token(); });
  check("pay", [&] { all.pay(); });
  check("be declined, then pay", [&] { all.decline_then_pay(); });
  check("a delayed payment that arrives", [&] { all.delayed("succeed", "paid", "no"); });
  check("a delayed payment that does not, then pay", [&] { all.delayed("fail", "failed", "yes"); });
  check("leave, come back and pay", [&] { all.leave_and_come_back(); });
  check("refresh after paying", [&] { all.refresh_after_paid(); });
  check("return in another browser, with the token and without", [&] { all.another_browser(); });
  check("somebody else's session", [&] { all.somebody_elses_session(); });
  check("the webhook comes first", [&] { all.webhook_first(); });
  check("the return comes first", [&] { all.return_first(); });
  check("Stripe is down for a while", [&] { all.stripe_is_down(); });
  check("the webhook is lost, the sweep finds the payment", [&] { all.webhook_lost(); });
  check("the shopkeeper asks Stripe", [&] { all.ask_now(); });
  check("a review that is accepted", [&] { all.review("accept"); });
  check("a review that is rejected", [&] { all.review("reject"); });
  check("let it expire, begin again and pay", [&] { all.expire_then_begin_again(); });
  return failed == 0 ? 0 : 1;
}
