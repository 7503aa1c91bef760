// Each way through checkout ends on the right page, and with the order in the right state.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import {
  article, buy, check_out, order_of, press, session_of, shows, start_browser, start_shop, stripe_hand,
  visitor,
} from "./shop.mjs";

let shop;
let browser;
let stripe;
let keeper;
let opened = [];

before(async () => {
  shop = await start_shop();
  browser = await start_browser();
  stripe = stripe_hand(shop.stripe);
  keeper = (await visitor(browser, shop)).page;
  await keeper.goto(shop.orders);
});

after(async () => {
  await browser.close();
  await shop.stop();
});

afterEach(async () => {
  for (const { context, faults } of opened) {
    assert.deepEqual(faults, []);
    await context.close();
  }
  opened = [];
});

async function someone(options) {
  const made = await visitor(browser, shop, options);
  opened.push(made);
  return made.page;
}

// The lines of an order's history, such as "return observed paid", once one ends with `words`.
async function history(order, words) {
  const has = () => keeper.locator(".history code", { hasText: new RegExp(` ${words}$`) }).count();
  for (const end = Date.now() + 30_000; ; ) {
    await keeper.goto("/orders/order?number=" + order);
    if ((await has()) > 0) break;
    assert.ok(Date.now() < end, `the history never says ${words}`);
  }
  const lines = await keeper.locator(".history li strong + code").allTextContents();
  assert.equal(lines.filter((line) => line.endsWith(" fulfilled")).length <= 1, true);
  return lines;
}

const may_pay = (page) => article(page).getByRole("button").count();

// An order whose customer has left Stripe's page.
async function left_unpaid() {
  const page = await someone();
  const session = await buy(page);
  await check_out(page, "leave");
  await shows(page, "awaiting_payment");
  return { page, session, order: await order_of(page) };
}

async function keeper_sees(reference) {
  await keeper.goto("/orders/order?number=" + reference);
}

// The order as soon as its page shows this stage.
async function keeper_waits_for(order, stage) {
  for (const end = Date.now() + 30_000; ; ) {
    await keeper_sees(order);
    if ((await keeper.locator(`[data-stage="${stage}"]`).count()) > 0) return;
    assert.ok(Date.now() < end, `the order is never ${stage}`);
  }
}

test("pay", async () => {
  const page = await someone();
  await buy(page);
  await check_out(page, "pay");
  await shows(page, "paid");
  assert.equal(await may_pay(page), 0);
  assert.equal(new URL(page.url()).pathname, "/order/" + (await order_of(page)));
  assert.equal(new URL(page.url()).search, "");
  for (const text of ["Longjing green tea, 50 g", "CN¥68.00"])
    await article(page).getByText(text).waitFor();
  await history(await order_of(page), "fulfilled");
  await keeper_waits_for(await order_of(page), "fulfilled");
  await page.reload();
  await article(page).getByText("Your tea is on its way to you.").waitFor();
});

test("be declined, then pay", async () => {
  const page = await someone();
  await buy(page);
  await check_out(page, "decline");
  await page.getByRole("alert").waitFor();
  await check_out(page, "pay");
  await shows(page, "paid");
  await history(await order_of(page), "fulfilled");
});

test("a delayed payment that arrives, on the page that is open", async () => {
  const page = await someone();
  const session = await buy(page);
  await check_out(page, "pay_later");
  await shows(page, "processing");
  assert.equal(await may_pay(page), 0);
  await page.evaluate(() => (window.same_page = true));
  await stripe.apply(session, "succeed");
  await shows(page, "paid");
  assert.equal(await page.evaluate(() => window.same_page), true);
  assert.match(await page.title(), /It is paid/);
  await history(await order_of(page), "fulfilled");
});

test("a delayed payment that does not arrive, then another", async () => {
  const page = await someone();
  const session = await buy(page);
  await check_out(page, "pay_later");
  await shows(page, "processing");
  const order = await order_of(page);
  await stripe.apply(session, "fail");
  await shows(page, "failed");
  await press(page, "Pay again");
  await page.waitForURL(/\/c\/pay\//);
  assert.notEqual(session_of(page), session);
  await check_out(page, "pay");
  await shows(page, "paid");
  assert.equal(await order_of(page), order);
  await history(order, "fulfilled");
});

test("leave and come back", async () => {
  const page = await someone();
  const session = await buy(page);
  await check_out(page, "leave");
  await shows(page, "awaiting_payment");
  await page.getByRole("link", { name: "Back to the shop" }).click();
  await page.getByRole("link", { name: "You have an order that is not paid yet" }).click();
  await press(page, "Continue to payment");
  await page.waitForURL(/\/c\/pay\//);
  assert.equal(session_of(page), session);
  await check_out(page, "pay");
  await shows(page, "paid");
  await history(await order_of(page), "fulfilled");
});

test("it expires while the page is open, and begins again", async () => {
  const page = await someone();
  const session = await buy(page);
  await check_out(page, "leave");
  const order = await order_of(page);
  await stripe.apply(session, "expire");
  await shows(page, "expired");
  await press(page, "Pay again");
  await page.waitForURL(/\/c\/pay\//);
  assert.notEqual(session_of(page), session);
  await check_out(page, "pay");
  await shows(page, "paid");
  assert.equal(await order_of(page), order);
  await history(order, "fulfilled");
});

test("two tabs both pay", async () => {
  const page = await someone();
  const session = await buy(page);
  const second = await page.context().newPage();
  assert.equal(await buy(second), session);
  await check_out(page, "pay");
  await shows(page, "paid");
  await check_out(second, "pay");
  await second.getByText("This checkout is complete.").waitFor();
  await second.goto(page.url());
  await shows(second, "paid");
  await history(await order_of(page), "fulfilled");
});

test("two tabs, of which one is too late to go on", async () => {
  const page = await someone();
  await buy(page);
  await check_out(page, "leave");
  const second = await page.context().newPage();
  await second.goto(page.url());
  await press(second, "Continue to payment");
  await second.waitForURL(/\/c\/pay\//);
  const stale = page.getByRole("button", { name: "Continue to payment" });
  await stale.waitFor();
  await check_out(second, "pay_later");
  await shows(second, "processing");
  await shows(page, "processing"); // by itself
  assert.equal(await stale.count(), 0);
});

test("return again, and refresh", async () => {
  const page = await someone();
  await buy(page);
  const came = page.waitForRequest((request) => request.url().includes("/return?"));
  await check_out(page, "pay");
  await shows(page, "paid");
  const order = await order_of(page);
  await history(order, "fulfilled");
  await page.goto((await came).url());
  for (let i = 0; i < 3; ++i) {
    await page.reload();
    await shows(page, "paid");
  }
  await history(order, "fulfilled");
});

test("the back button", async () => {
  const page = await someone();
  await buy(page);
  await check_out(page, "pay");
  await shows(page, "paid");
  const order = await order_of(page);
  await page.goBack();
  await page.goForward();
  await shows(page, "paid");
  await page.goBack();
  await page.goto("/");
  assert.equal(await page.getByRole("link", { name: /not paid yet/ }).count(), 0);
  const lines = await history(order, "fulfilled");
  assert.equal(lines.filter((line) => line === "application attempt_begun").length, 1);
});

test("the button is pressed twice", async () => {
  const page = await someone();
  const session = await buy(page);
  await page.goBack();
  await page.locator("form button").click();
  await page.waitForURL(/\/c\/pay\//);
  assert.equal(session_of(page), session);
});

test("return in another browser", async () => {
  const page = await someone();
  const session = await buy(page);
  const came = page.waitForRequest((request) => request.url().includes("/return?"));
  await check_out(page, "pay_later");
  await shows(page, "processing");
  const back = (await came).url();

  const other = await someone();
  await other.goto(back);
  await shows(other, "processing");
  assert.equal(new URL(other.url()).search, "");
  const stranger = await someone();
  await stranger.goto(back.replace(/&order_token=[^&]*/, ""));
  await stranger.getByRole("heading", { name: "Thank you", exact: true }).waitFor();
  assert.equal(await article(stranger).count(), 0);
  assert.equal(new URL(stranger.url()).search, "");

  await stripe.apply(session, "succeed");
  await shows(other, "paid"); // it is the customer's browser now, and asks by itself
});

test("the webhook comes first", async () => {
  const { page, session, order } = await left_unpaid();
  await stripe.apply(session, "pay");
  await stripe.deliver_webhooks();
  await history(order, "fulfilled");
  await page.goto(`/return?order=${order}&session_id=${session}`);
  await shows(page, "paid");
  await history(order, "fulfilled");
});

test("the return comes first", async () => {
  const page = await someone();
  await stripe.delay_webhooks(600);
  await buy(page);
  await check_out(page, "pay");
  await shows(page, "paid");
  const order = await order_of(page);
  await history(order, "fulfilled");
  await stripe.delay_webhooks(0);
  await stripe.deliver_webhooks();
  await history(order, "fulfilled");
});

test("Stripe is down for a while", async () => {
  const page = await someone();
  await buy(page);
  await stripe.delay_webhooks(600);
  await stripe.go_down();
  await check_out(page, "pay");
  await page.getByRole("heading", { name: "We are checking your payment" }).waitFor();
  assert.equal(await page.getByRole("button").count(), 0);
  const other = await someone();
  await other.goto("/");
  await press(other, "Buy and pay");
  await other.getByRole("heading", { name: "The payment page cannot be opened" }).waitFor();
  await other.getByRole("button", { name: "Try again" }).waitFor();
  await stripe.end_faults();
  await shows(page, "paid"); // by itself
  await stripe.delay_webhooks(0);
  await stripe.deliver_webhooks();
  for (const made of opened) made.faults.splice(0); // that two pages are answered 503
});

test("the webhook is lost and nobody comes back", async () => {
  const { page, session, order } = await left_unpaid();
  await page.goto("about:blank");
  await stripe.lose_webhooks(1);
  await stripe.apply(session, "pay");
  await history(order, "fulfilled");
  assert.ok((await history(order, "fulfilled")).includes("reconciler observed paid"));
  await page.goto("/order/" + order);
  await shows(page, "paid");
});

test("a review item, and the shopkeeper accepts it", async () => {
  const { page, order } = await left_unpaid();
  await stripe.apply(await stripe.make_session(order), "pay");
  await shows(page, "needs_review");
  assert.equal(await may_pay(page), 0);
  await keeper.goto("/orders");
  await keeper.getByRole("link", { name: "To decide" }).click();
  await keeper.getByRole("link", { name: order }).click();
  await keeper.getByLabel("Note").fill("<img src=x onerror=alert(1)>");
  await press(keeper, "Accept");
  await keeper.locator('[data-result="done"]').waitFor();
  assert.ok((await history(order, "accepted")).includes("shopkeeper accepted"));
  await keeper.locator(".history").getByText("<img src=x onerror=alert(1)>").waitFor();
  await shows(page, "paid");
  await history(order, "fulfilled");
});

test("a review item is rejected, and its money given back", async () => {
  const { page, order } = await left_unpaid();
  await stripe.apply(await stripe.make_session(order), "pay");
  await shows(page, "needs_review");
  await keeper_sees(order);
  await press(keeper, "Reject");
  await keeper.locator('[data-waits_for="refund"]').waitFor();
  await keeper.goto("/orders?show=to_give_back");
  await keeper.getByRole("link", { name: order }).click();
  await press(keeper, "I have refunded it");
  await keeper.getByText("refunded ·").waitFor();
  await history(order, "marked_refunded");
  await keeper.goto("/orders?show=to_give_back");
  assert.equal(await keeper.getByRole("link", { name: order }).count(), 0);
});

test("a payment without an order is matched", async () => {
  const { page, order } = await left_unpaid();
  const session = await stripe.make_session("nobody-knows-it");
  await stripe.apply(session, "pay");
  for (const end = Date.now() + 30_000; ; ) {
    await keeper.goto("/orders?show=unmatched");
    if ((await keeper.getByRole("link", { name: session }).count()) > 0) break;
    assert.ok(Date.now() < end, "nobody is told of it");
  }
  await keeper.getByRole("link", { name: session }).click();
  await keeper.getByLabel("Number of the order that it is for").fill(order);
  await press(keeper, "Accept");
  await keeper.getByRole("heading", { name: "Order " + order }).waitFor();
  await shows(page, "paid");
});

test("an order is closed, and its stock put back", async () => {
  const { page, order } = await left_unpaid();
  await keeper_sees(order);
  await press(keeper, "Close it: it can no longer be paid");
  await keeper.locator('[data-result="closed"]').waitFor();
  await keeper_waits_for(order, "released");
  await page.getByRole("heading", { name: "This order is closed" }).waitFor();
  assert.equal(await may_pay(page), 0);
});

test("an order is canceled", async () => {
  const { page, order } = await left_unpaid();
  await keeper_sees(order);
  await press(keeper, "Cancel it: it will not be sent");
  await keeper.locator('[data-result="canceled"]').waitFor();
  await keeper_waits_for(order, "released");
  await page.getByRole("heading", { name: "This order is closed" }).waitFor();
  assert.equal(await may_pay(page), 0);
});

test("an order was paid in cash", async () => {
  const { page, order } = await left_unpaid();
  await keeper_sees(order);
  await keeper.getByLabel("I have sent it myself. It was paid").selectOption("elsewhere");
  await press(keeper, "Mark as sent");
  await keeper.locator('[data-result="marked"]').waitFor();
  await keeper_waits_for(order, "fulfilled");
  await shows(page, "paid");
});

test("a form of another site is refused", async () => {
  const page = await someone();
  await page.route("http://evil.example/", (route) =>
    route.fulfill({
      contentType: "text/html",
      body: `<form method="post" action="${shop.url}/create-checkout-session"><button>Win</button></form>`,
    }));
  await page.goto("http://evil.example/");
  await press(page, "Win");
  await page.getByRole("heading", { name: "This request came from another site" }).waitFor();
  await page.goto("/");
  assert.equal(await page.getByRole("link", { name: /not paid yet/ }).count(), 0);
  opened.at(-1).faults.splice(0); // that it is answered 403
});

test("links stay inside", async () => {
  const page = await someone();
  await page.goto(shop.url + "//evil.example/x");
  await page.getByRole("heading", { name: "This page does not exist" }).waitFor();
  for (const link of await page.getByRole("link").all())
    assert.equal(await link.evaluate((each) => each.origin), shop.url);
  opened.at(-1).faults.splice(0); // that it is answered 404
});

test("the shopkeeper plays Stripe", async () => {
  const page = await someone();
  await buy(page);
  await check_out(page, "pay_later");
  await shows(page, "processing");
  await keeper.goto("/orders/order?number=" + (await order_of(page)));
  await press(keeper, "The money arrives");
  await shows(page, "paid");
});

test("without JavaScript", async () => {
  const page = await someone({ javaScriptEnabled: false });
  const session = await buy(page);
  await check_out(page, "leave");
  await shows(page, "awaiting_payment");
  await stripe.apply(session, "pay_later");
  await shows(page, "processing"); // the page loads itself again
  await stripe.apply(session, "succeed");
  await history(await order_of(page), "fulfilled");
  await page.getByRole("link", { name: "Check again" }).click();
  await shows(page, "paid");
});
