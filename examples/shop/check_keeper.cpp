#include "check_ways.hpp"

#include "check_expect.hpp"

namespace {

// A customer who has left Stripe's page without paying.
customer somebody_who_left(checked_shop& shop) {
  customer someone(shop.running.url());
  someone.buy();
  expect_order(someone.click("leave"), "awaiting_payment", "yes");
  return someone;
}

// The order's number is in a session that the shop did not make, and that is paid.
customer paid_elsewhere(checked_shop& shop) {
  customer someone = somebody_who_left(shop);
  shop.stripe.apply(shop.stripe.make_session(someone.order), "pay");
  someone.expect_later("needs_review", "no");
  expect(shop.keeper.list("to_decide").has(someone.order), "the order is not in the list");
  const shown_page details = shop.keeper.see(someone.order);
  expect(details.has("session_not_issued") && details.has("68.00 CNY"), "it does not say why");
  expect(details.attribute("data-waits_for") == "person", "it waits for somebody else");
  return someone;
}

void accept(checked_shop& shop) {
  const customer someone = paid_elsewhere(shop);
  const shown_page resolved =
      shop.keeper.resolve(someone.order, "accept", {{"note", "<b>looked</b> & saw"}});
  expect(resolved.attribute("data-result") == "done", "it was not accepted");
  expect(resolved.has("&lt;b&gt;looked&lt;/b&gt; &amp; saw"), "the note is not escaped");
  expect(resolved.attribute("data-review").empty(), "it is still to be decided");
  shop.keeper.expect_history(someone.order, "fulfilled");
}

void reject_and_give_back(checked_shop& shop) {
  const customer someone = paid_elsewhere(shop);
  expect(shop.keeper.resolve(someone.order, "reject").attribute("data-result") == "done",
         "it was not rejected");
  expect(!shop.keeper.list("to_decide").has(someone.order), "it is still to be decided");
  expect(shop.keeper.list("to_give_back").has(someone.order), "the money is in no list");
  const shown_page details = shop.keeper.see(someone.order);
  expect(details.attribute("data-waits_for") == "refund", "it waits for somebody else");
  const std::size_t at =
      details.body.find("name=\"session\" value=\"", details.body.find("/orders/mark-refunded"));
  expect(at != std::string::npos, "there is no button");
  const std::size_t begin = details.body.find("value=\"", at) + 7;
  const form session = {
      {"session", details.body.substr(begin, details.body.find('"', begin) - begin)}};
  expect(shop.keeper.act("mark-refunded", someone.order, session).attribute("data-result") ==
             "done",
         "it was not marked");
  expect(!shop.keeper.list("to_give_back").has(someone.order), "it is still in the list");
  expect(shop.keeper.act("mark-refunded", someone.order, session).attribute("data-result") ==
             "nothing_to_decide",
         "it was marked twice");
}

void close_and_release(checked_shop& shop) {
  customer someone = somebody_who_left(shop);
  expect(shop.keeper.act("close", someone.order).attribute("data-result") == "closed",
         "it was not closed");
  shop.keeper.expect_stage(someone.order, "released");
  shop.keeper.expect_history(someone.order, "released");
  expect_order(someone.browser.get("/order/" + someone.order), "expired", "no");
  expect(someone.browser.get(someone.paying.url).has("expired"), "it can still be paid");
  expect_order(someone.browser.post("/create-checkout-session", {{"order", someone.order}}),
               "expired", "no");
}

void close_what_is_paid(checked_shop& shop) {
  customer someone = somebody_who_left(shop);
  shop.stripe.lose_webhooks(1);
  shop.stripe.apply(someone.session, "pay");
  expect(shop.keeper.act("close", someone.order).attribute("data-result") == "paid",
         "a paid order was closed");
  shop.keeper.expect_stage(someone.order, "fulfilled");
}

void cancel(checked_shop& shop) {
  customer someone = somebody_who_left(shop);
  expect(shop.keeper.act("cancel", someone.order).attribute("data-result") == "canceled",
         "it was not canceled");
  shop.keeper.expect_stage(someone.order, "released");
  expect_order(someone.browser.get("/order/" + someone.order), "expired", "no");
}

void mark_fulfilled(checked_shop& shop) {
  customer someone = somebody_who_left(shop);
  expect(shop.keeper.act("mark-fulfilled", someone.order, {{"how", "elsewhere"}})
                 .attribute("data-result") == "marked",
         "it was not marked");
  shop.keeper.expect_stage(someone.order, "fulfilled");
  expect(someone.browser.get(someone.paying.url).has("expired"), "it can still be paid");
}

void payment_without_order(checked_shop& shop) {
  customer someone = somebody_who_left(shop);
  const std::string session = shop.stripe.make_session("nobody-knows-it");
  shop.stripe.apply(session, "pay");
  eventually([&] { return shop.keeper.list("unmatched").has(session); }, "nobody is told of it");
  expect(shop.keeper.see(session).has("order_not_expected"), "it does not say why");
  shop.keeper.expect_history(session, "observed paid");
  expect(shop.keeper.resolve(session, "accept").attribute("data-result") == "refused",
         "it was accepted for no order");
  const shown_page matched = shop.keeper.resolve(session, "accept", {{"order", someone.order}});
  expect(matched.attribute("data-result") == "done" && matched.has(someone.order),
         "it was not accepted");
  shop.keeper.expect_history(someone.order, "fulfilled");
  someone.expect_later("paid", "no");
}

void ask_now(checked_shop& shop) {
  customer someone = somebody_who_left(shop);
  shop.stripe.lose_webhooks(1);
  shop.stripe.apply(someone.session, "pay");
  const shown_page asked = shop.keeper.act("ask", someone.order);
  expect(asked.attribute("data-result") == "asked" && asked.has("shopkeeper observed paid"),
         "Stripe was not asked");
}

} // namespace

std::vector<way> keeper_ways() {
  return {
      {"a review item that is accepted", accept},
      {"one that is rejected, and its money given back", reject_and_give_back},
      {"an order that is closed, and its stock released", close_and_release},
      {"one that turns out paid when it is to be closed", close_what_is_paid},
      {"an order that is canceled", cancel},
      {"an order that was paid in cash", mark_fulfilled},
      {"a payment without an order", payment_without_order},
      {"the shopkeeper asks Stripe", ask_now},
  };
}
