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

// The lines of an order's history, such as "return paid", once the last of `words` is among them.
async function history(order, words) {
  const has = () => keeper.locator(".history code", { hasText: new RegExp(`${words}$`) }).count();
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

test("pay", async () => {
  const page = await someone();
  await buy(page);
  await check_out(page, "pay");
  await shows(page, "paid");
  assert.equal(await may_pay(page), 0);
  await history(await order_of(page), "fulfilled");
  await keeper.getByText("paid and sent").waitFor();
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
  await stripe.let(session, "succeed");
  await shows(page, "paid");
  assert.equal(await page.evaluate(() => window.same_page), true);
  assert.match(await page.title(), /it is paid/);
  await history(await order_of(page), "fulfilled");
});

test("a delayed payment that does not arrive, then another", async () => {
  const page = await someone();
  const session = await buy(page);
  await check_out(page, "pay_later");
  await shows(page, "processing");
  const order = await order_of(page);
  await stripe.let(session, "fail");
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
  await page.getByRole("link", { name: "See your order that is not paid yet" }).click();
  await press(page, "Go on with the payment");
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
  await stripe.let(session, "expire");
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
  const lines = await history(await order_of(page), "fulfilled");
  assert.equal(lines.filter((line) => line.endsWith(" paid")).length, 1);
});

test("two tabs, of which one is too late to go on", async () => {
  const page = await someone();
  await buy(page);
  await check_out(page, "leave");
  const second = await page.context().newPage();
  await second.goto(page.url());
  await press(second, "Go on with the payment");
  await second.waitForURL(/\/c\/pay\//);
  const stale = page.getByRole("button", { name: "Go on with the payment" });
  await stale.waitFor();
  await check_out(second, "pay_later");
  await shows(second, "processing");
  await shows(page, "processing"); // by itself
  assert.equal(await stale.count(), 0);
});

test("refresh on the return page", async () => {
  const page = await someone();
  await buy(page);
  await check_out(page, "pay");
  await shows(page, "paid");
  const order = await order_of(page);
  await history(order, "fulfilled");
  const lines = await history(order, "fulfilled");
  for (let i = 0; i < 3; ++i) {
    await page.reload();
    await shows(page, "paid");
  }
  assert.deepEqual(await history(order, "fulfilled"), lines);
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
  assert.equal(lines.filter((line) => line === "host attempt_begun").length, 1);
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
  await check_out(page, "pay_later");
  await shows(page, "processing");
  const back = page.url();

  const other = await someone();
  await other.goto(back);
  await shows(other, "processing");
  const stranger = await someone();
  await stranger.goto(back.replace(/&order_token=[^&]*/, ""));
  await stranger.getByRole("heading", { name: "Thank you", exact: true }).waitFor();
  assert.equal(await article(stranger).count(), 0);

  await stripe.let(session, "succeed");
  await shows(other, "paid"); // it is the customer's browser now, and asks by itself
});

test("the webhook comes first", async () => {
  const page = await someone();
  const session = await buy(page);
  await check_out(page, "leave");
  const order = await order_of(page);
  await stripe.hide_events();
  await stripe.let(session, "pay");
  await stripe.deliver_webhooks();
  await history(order, "webhook paid");
  await stripe.end_faults();
  await page.goto(`/return?order=${order}&session_id=${session}`);
  await shows(page, "paid");
  await history(order, "fulfilled");
});

test("the return comes first", async () => {
  const page = await someone();
  await stripe.hide_events();
  await stripe.delay_webhooks(600);
  await buy(page);
  await check_out(page, "pay");
  await shows(page, "paid");
  const order = await order_of(page);
  await history(order, "return paid");
  await stripe.delay_webhooks(0);
  await stripe.deliver_webhooks();
  await stripe.end_faults();
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
  await other.getByRole("heading", { name: "The payment page does not open" }).waitFor();
  await stripe.end_faults();
  await shows(page, "paid"); // by itself
  await press(other, "Try again");
  await other.waitForURL(/\/c\/pay\//);
  await check_out(other, "pay");
  await shows(other, "paid");
  await stripe.delay_webhooks(0);
  await stripe.deliver_webhooks();
  for (const made of opened) made.faults.splice(0); // that two pages are answered 503
});

test("the webhook is lost and nobody comes back", async () => {
  const page = await someone();
  const session = await buy(page);
  await check_out(page, "leave");
  const order = await order_of(page);
  await page.goto("about:blank");
  await stripe.lose_webhooks(1);
  await stripe.let(session, "pay");
  await history(order, "sweep paid");
  await history(order, "fulfilled");
  await page.goto("/order?number=" + order);
  await shows(page, "paid");
});

test("a review, and the shopkeeper's word", async () => {
  const page = await someone();
  await buy(page);
  await check_out(page, "leave");
  const order = await order_of(page);
  await stripe.let(await stripe.make_session(order), "pay");
  await shows(page, "needs_review");
  assert.equal(await may_pay(page), 0);
  await keeper.goto("/orders");
  await keeper.getByRole("link", { name: order }).click();
  await keeper.getByLabel("Note").fill("<img src=x onerror=alert(1)>");
  await press(keeper, "Accept");
  await keeper.getByText("<img src=x onerror=alert(1)>").waitFor();
  await shows(page, "paid");
  await history(order, "fulfilled");
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
  await stripe.let(session, "pay_later");
  await shows(page, "processing"); // the page loads itself again
  await stripe.let(session, "succeed");
  await history(await order_of(page), "fulfilled");
  await page.getByRole("link", { name: "Look again" }).click();
  await shows(page, "paid");
});
