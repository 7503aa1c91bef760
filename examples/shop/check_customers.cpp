#include "check_ways.hpp"

#include "check_expect.hpp"

namespace {

void pay(checked_shop& shop) {
  customer someone(shop.running.url());
  someone.buy();
  expect_order(someone.click("pay"), "paid", "no");
  shop.keeper.expect_stage(someone.order, "fulfilled");
  expect_order(someone.browser.get("/order/" + someone.order), "paid", "no");
}

void decline_then_pay(checked_shop& shop) {
  customer someone(shop.running.url());
  someone.buy();
  expect(someone.click("decline").has("declined"), "it was not declined");
  expect_order(someone.click("pay"), "paid", "no");
}

customer pay_later(checked_shop& shop) {
  customer someone(shop.running.url());
  someone.buy();
  expect_order(someone.click("pay_later"), "processing", "no");
  expect_order(someone.browser.post("/create-checkout-session", {{"order", someone.order}}),
               "processing", "no");
  return someone;
}

void delayed_payment_arrives(checked_shop& shop) {
  customer someone = pay_later(shop);
  shop.stripe.apply(someone.session, "succeed");
  someone.expect_later("paid", "no");
}

void delayed_payment_fails(checked_shop& shop) {
  customer someone = pay_later(shop);
  shop.stripe.apply(someone.session, "fail");
  eventually(
      [&] {
        static_cast<void>(shop.running.reconciler.run()); // it looks once more
        return someone.browser.get("/order/" + someone.order + "/status").has("\"failed\"");
      },
      "it does not become failed");
  expect_order(someone.browser.get("/order/" + someone.order), "failed", "yes");
  someone.buy({{"order", someone.order}});
  expect_order(someone.click("pay"), "paid", "no");
}

void leave_and_come_back(checked_shop& shop) {
  customer someone(shop.running.url());
  someone.buy();
  const std::string session = someone.session;
  expect_order(someone.click("leave"), "awaiting_payment", "yes");
  expect(someone.browser.get("/").has("/order/" + someone.order), "the shop forgot the order");
  someone.buy();
  expect(someone.session == session, "a second session was made");
  expect_order(someone.click("pay"), "paid", "no");
}

void expire_then_begin_again(checked_shop& shop) {
  customer someone(shop.running.url());
  someone.buy();
  const std::string first = someone.session;
  someone.click("leave");
  const std::string order = someone.order;
  shop.stripe.apply(first, "expire");
  someone.expect_later("expired", "yes");
  someone.buy({{"order", order}});
  expect(someone.session != first, "the session is still the expired one");
  expect_order(someone.click("pay"), "paid", "no");
  expect(someone.order == order, "another order was paid");
}

void return_twice(checked_shop& shop) {
  customer someone(shop.running.url());
  someone.buy();
  const std::string back = someone.click("pay").by;
  expect(back.find("session_id=") != std::string::npos, "it did not come by the return URL");
  for (int i = 0; i != 2; ++i) {
    expect_order(someone.browser.get(back), "paid", "no");
    expect_order(someone.browser.get("/order/" + someone.order), "paid", "no");
  }
  expect_order(someone.browser.post("/create-checkout-session", {{"order", someone.order}}), "paid",
               "no");
  shop.keeper.expect_history(someone.order, "fulfilled");
}

void webhook_first(checked_shop& shop) {
  customer someone(shop.running.url());
  someone.buy();
  someone.click("leave");
  shop.stripe.apply(someone.session, "pay");
  shop.stripe.deliver_webhooks();
  expect(shop.keeper.see(someone.order).has("webhook observed paid"), "it was not the webhook");
  expect_order(
      someone.browser.get("/return?order=" + someone.order + "&session_id=" + someone.session),
      "paid", "no");
  shop.keeper.expect_history(someone.order, "fulfilled");
}

void return_first(checked_shop& shop) {
  customer someone(shop.running.url());
  someone.buy();
  shop.stripe.delay_webhooks(600);
  expect_order(someone.click("pay"), "paid", "no");
  expect(shop.keeper.see(someone.order).has("return observed paid"), "it was not the return");
  shop.stripe.delay_webhooks(0);
  shop.stripe.deliver_webhooks();
  shop.keeper.expect_history(someone.order, "fulfilled");
}

void webhook_lost(checked_shop& shop) {
  customer someone(shop.running.url());
  someone.buy();
  someone.click("leave");
  shop.stripe.lose_webhooks(1);
  shop.stripe.apply(someone.session, "pay");
  const stripe_return::reconcile_report report = shop.running.reconciler.run();
  expect(report.done(), "the reconciler does not come to an end");
  expect(shop.keeper.see(someone.order).has("reconciler observed paid"), "it was not found");
  shop.keeper.expect_history(someone.order, "fulfilled");
}

void stripe_is_down(checked_shop& shop) {
  customer someone(shop.running.url());
  someone.buy();
  shop.stripe.delay_webhooks(600);
  shop.stripe.go_down();
  const shown_page asking = someone.click("pay");
  expect(asking.status == 503 && !asking.has("data-state") && !asking.has("<button>"),
         "it says more than it can know");
  expect(asking.has("http-equiv=\"refresh\""), "it does not ask again");
  customer other(shop.running.url());
  const shown_page refused = other.browser.post("/create-checkout-session");
  expect(refused.status == 503 && refused.has("<button>"), "it cannot be tried again");
  shop.stripe.end_faults();
  expect_order(someone.browser.get(asking.url), "paid", "no");
  shop.stripe.delay_webhooks(0);
  shop.stripe.deliver_webhooks();
}

// As far as the shop goes: the form itself is Stripe's.
void embedded(checked_shop&) {
  configuration wanted;
  wanted.publishable_key = "pk_test_tea_shop";
  wanted.store = "memory:";
  const second_shop other(wanted);
  customer someone(other.running.url());
  const auto open = [&] {
    const shown_page page = someone.browser.post("/create-checkout-session");
    expect(page.status == 200 && page.attribute("data-key") == wanted.publishable_key,
           "there is no form");
    expect(page.cache_control == "no-store", "its secret may be kept");
    return page.attribute("data-client-secret");
  };
  const std::string secret = open();
  expect(secret.rfind("cs_test_", 0) == 0, "it has no secret");
  expect(open() == secret, "a second session was made");
}

} // namespace

std::vector<way> customer_ways() {
  return {
      {"pay", pay},
      {"be declined, then pay", decline_then_pay},
      {"a delayed payment that arrives", delayed_payment_arrives},
      {"a delayed payment that does not, then pay", delayed_payment_fails},
      {"leave, come back and pay", leave_and_come_back},
      {"let it expire, begin again and pay", expire_then_begin_again},
      {"return twice, and load the page again", return_twice},
      {"the webhook comes first", webhook_first},
      {"the return comes first", return_first},
      {"the webhook is lost, the reconciler finds the payment", webhook_lost},
      {"Stripe is down for a while", stripe_is_down},
      {"Stripe's form in the shop's own page", embedded},
  };
}
