#include "check_ways.hpp"

#include "check_expect.hpp"
#include "check_half_sent.hpp"

namespace {

// Nothing of the order but its address, which the visitor brought along.
void expect_neutral(const shown_page& page) {
  expect(page.status == 200, "status " + std::to_string(page.status));
  expect(!page.has("data-state") && !page.has("data-order") && !page.has("<button>"),
         "it shows somebody's order");
  expect(page.url.find('?') == std::string::npos, "there are ids in its address");
}

void another_browser(checked_shop& shop) {
  customer someone(shop.running.url());
  someone.buy();
  const std::string back = someone.click("pay").by;
  check_browser other(shop.running.url());
  expect_order(other.get(back), "paid", "no");
  expect(other.get("/order/" + someone.order + "/status").status == 200,
         "the token did not make it the customer's browser");
  const std::string without = back.substr(0, back.find("&order_token="));
  expect(without != back, "there is no token in the return URL");
  check_browser stranger(shop.running.url());
  expect_neutral(stranger.get(without));
  expect_neutral(stranger.get(without + "&order_token=" + someone.order));
  for (const char* end : {"", "/status"})
    expect(stranger.get("/order/" + someone.order + end).status == 404, "a stranger sees it");
}

void somebody_elses_session(checked_shop& shop) {
  customer someone(shop.running.url());
  customer other(shop.running.url());
  someone.buy();
  other.buy();
  other.click("pay");
  expect_neutral(someone.browser.get("/return?session_id=" + other.session));
  expect_neutral(
      someone.browser.get("/return?order=" + other.order + "&session_id=" + other.session));
  expect(someone.browser.get("/return?session_id=cs_test_none").status == 404,
         "an unknown session is known");
  expect(someone.browser.get("/return").status == 400, "a return without a session is taken");
  const shown_page refused =
      someone.browser.post("/create-checkout-session", {{"order", other.order}});
  expect(refused.status == 404, "somebody else's order can be paid");
}

void no_token(checked_shop& shop) {
  check_browser stranger(shop.running.url());
  expect(stranger.get("/orders").status == 403, "anybody sees the orders");
  expect(stranger.get("/orders?token=0123").status == 403, "any token is taken");
  expect(stranger.post("/orders/sign-in", {{"token", ""}}).status == 403, "no token is taken");
  expect(stranger.get("/orders/order?number=x").status == 403, "anybody sees an order");
  for (const char* action :
       {"ask", "resolve", "close", "cancel", "mark-fulfilled", "mark-refunded", "play"}) {
    const std::string address = std::string("/orders/") + action;
    expect(stranger.post(address, {{"csrf", ""}}).status == 403, "anybody may " + address);
    expect(shop.keeper.browser.post(address, {{"number", "x"}}).status == 403,
           "a form without its token is taken by " + address);
  }
}

void foreign_origin(checked_shop& shop) {
  for (const char* origin :
       {"https://evil.example", "null", "http://127.0.0.1", "http://127.0.0.1.evil.example"}) {
    check_browser victim(shop.running.url());
    const shown_page refused = victim.post("/create-checkout-session", {}, origin);
    expect(refused.status == 403 && refused.url == shop.running.url() + "/create-checkout-session",
           std::string("a form is taken from ") + origin);
    expect(!victim.get("/").has("/order/"), "it made an order all the same");
  }
  check_browser keeper(shop.running.url());
  expect(keeper.post("/orders/sign-in", {{"token", shop.running.keeper.token()}}, "null").status ==
             403,
         "another site can sign somebody in");
}

void links_stay_inside(checked_shop& shop) {
  httplib::Client client(shop.running.url());
  client.set_read_timeout(30);
  for (const char* target : {"//evil.example/x", "/\\evil.example/x", "/x?//evil.example",
                             "//evil.example/return?session_id=cs_test_none"}) {
    const auto answer = client.Get(target);
    expect(answer && answer->status == 404, std::string("it is no 404: ") + target);
    expect(answer->body.find("href=\"//") == std::string::npos &&
               answer->body.find("href=\"/\\") == std::string::npos &&
               answer->body.find("url=//") == std::string::npos,
           std::string("a link leads to another host: ") + target);
    expect(answer->body.find("href=\"?") != std::string::npos, "there is no link to a language");
  }
}

// The same shop under https: a browser takes its cookies from this very host alone.
void planted_cookie(checked_shop&) {
  configuration wanted;
  wanted.url = "https://shop.example";
  wanted.store = "memory:";
  const second_shop other(wanted);
  httplib::Client client(other.port.local_url());
  client.set_read_timeout(30);
  const auto buy = [&](const std::string& cookie) {
    const auto answer =
        client.Post("/create-checkout-session", {{"Origin", wanted.url}, {"Cookie", cookie}}, "",
                    "application/x-www-form-urlencoded");
    expect(answer && answer->status == 303, "no payment page");
    return answer->get_header_value("Set-Cookie");
  };
  const std::string attackers = buy("");
  expect(attackers.rfind("__Host-browser=", 0) == 0, "the cookie's name is " + attackers);
  for (const char* wants : {"; Path=/;", "; HttpOnly", "; Secure", "; SameSite=Lax"})
    expect(attackers.find(wants) != std::string::npos, std::string("the cookie has no ") + wants);
  expect(attackers.find("Domain") == std::string::npos, "the cookie is for other hosts, too");
  const std::string own = attackers.substr(0, attackers.find(';'));
  const std::string planted = own.substr(std::string("__Host-").size());
  expect(buy(own).rfind(own + ";", 0) == 0, "the browser is not known by its cookie");
  expect(buy(planted).rfind(own + ";", 0) != 0, "a planted cookie is taken");
}

void half_sent(checked_shop& shop) {
  const std::string head = "POST /create-checkout-session HTTP/1.1\r\nHost: shop\r\n";
  const half_sent_requests heads(shop.running.url(), 100, head);
  const half_sent_requests bodies(shop.running.url(), 100,
                                  head + "Content-Length: 100\r\n\r\norder=");
  customer someone(shop.running.url());
  expect(someone.browser.get("/").status == 200, "the shop does not answer");
  expect(heads.waited_for() + bodies.waited_for() > 100, "the shop had to get rid of them first");
  someone.buy();
  expect_order(someone.click("pay"), "paid", "no");
  eventually([&] { return heads.waited_for() + bodies.waited_for() == 0; },
             "the shop waits for them for good");
}

} // namespace

std::vector<way> hostile_ways() {
  return {
      {"return in another browser, with the token and without", another_browser},
      {"somebody else's session", somebody_elses_session},
      {"the shopkeeper's token is asked for", no_token},
      {"a form of another site", foreign_origin},
      {"links stay inside", links_stay_inside},
      {"a planted cookie", planted_cookie},
      {"200 half-sent requests", half_sent},
  };
}
