// Each page, in both languages, on a screen and on a phone, in light and in dark.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
  article, buy, check_out, order_of, screenshot, session_of, shows, start_browser, start_shop,
  stripe_hand, visitor,
} from "./shop.mjs";

const languages = { en: "en-US", zh: "zh-CN" };
const product = "西湖龙井绿茶 50 克"; // Stripe's page has it in both languages
const phone = { width: 360, height: 740 };
const screen = { width: 1000, height: 800 };

let shop;
let browser;
let stripe;

before(async () => {
  shop = await start_shop();
  browser = await start_browser();
  stripe = stripe_hand(shop.stripe);
});

after(async () => {
  await browser.close();
  await shop.stop();
});

// Runs in the page. Texts whose contrast to what is behind them is less than WCAG's AA asks for.
function too_faint() {
  const channels = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = channels(color).map((each) => {
      const share = each / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (channels(color)[3] !== 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const faint = [];
  for (const element of document.body.querySelectorAll("*")) {
    const text = [...element.childNodes].some((each) => each.nodeType === 3 && each.data.trim());
    if (!text || element.closest("noscript")) continue;
    const pair = [luminance(getComputedStyle(element).color), luminance(background(element))];
    const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (contrast < 4.5) faint.push(`${element.textContent.trim()}: ${contrast.toFixed(2)}`);
  }
  return faint;
}

// Runs in the page. What a label, a name or a language is missing of.
function not_accessible() {
  const missing = [];
  for (const input of document.querySelectorAll("input:not([type=hidden]), textarea"))
    if (input.labels.length === 0) missing.push("label of " + input.name);
  for (const image of document.images) if (!image.hasAttribute("alt")) missing.push("alt");
  for (const control of document.querySelectorAll("a, button"))
    if (!control.textContent.trim()) missing.push("name of " + control.outerHTML);
  if (document.querySelectorAll("h1").length !== 1) missing.push("one h1");
  return missing;
}

async function look_at(page, name, code) {
  await page.locator("h1").waitFor();
  const chinese = /[\u4e00-\u9fff]/;
  assert.equal(await page.getAttribute("html", "lang"), code === "zh" ? "zh-Hans" : "en");
  assert.equal(chinese.test(await page.locator("h1").first().innerText()), code === "zh", name);
  const main = (await page.locator("main").innerText()).replace(product, "");
  if (code === "en") assert.doesNotMatch(main, chinese, name);
  assert.deepEqual(await page.evaluate(not_accessible), [], name);
  for (const [size, viewport] of Object.entries({ screen, phone })) {
    await page.setViewportSize(viewport);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${name} is ${wide} px too wide for a ${size}`);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await page.evaluate(too_faint), [], `${name}, ${colorScheme}`);
    }
    await page.emulateMedia({ colorScheme: "light" });
    await screenshot(page, `${name}-${code}-${size}`);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await screenshot(page, `${name}-${code}-dark`);
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize(screen);
}

for (const [code, locale] of Object.entries(languages)) {
  test(`the customer's pages, ${code}`, async () => {
    const { page, faults, context } = await visitor(browser, shop, { locale });
    await page.goto("/");
    await look_at(page, "product", code);
    const session = await buy(page);
    await check_out(page, "leave");
    await shows(page, "awaiting_payment");
    const order = await order_of(page);
    await look_at(page, "awaiting_payment", code);
    await stripe.apply(session, "expire");
    await shows(page, "expired");
    await look_at(page, "expired", code);
    await page.locator("form button").click();
    await page.waitForURL(/\/c\/pay\//);
    const second = session_of(page);
    await check_out(page, "pay_later");
    await shows(page, "processing");
    await look_at(page, "processing", code);
    await stripe.apply(second, "fail");
    await shows(page, "failed");
    await look_at(page, "failed", code);
    await page.locator("form button").click();
    await page.waitForURL(/\/c\/pay\//);
    await check_out(page, "pay");
    await shows(page, "paid");
    await look_at(page, "paid", code);

    await buy(page);
    await check_out(page, "leave");
    await stripe.apply(await stripe.make_session(await order_of(page)), "pay");
    await shows(page, "needs_review");
    await look_at(page, "needs_review", code);
    assert.deepEqual(faults, []);

    const stranger = await visitor(browser, shop, { locale });
    await stranger.page.goto("/return?session_id=" + second);
    await look_at(stranger.page, "thank_you", code);
    assert.deepEqual(stranger.faults, []);
    for (const [name, address] of Object.entries({
      bad_link: "/return",
      unknown_payment: "/return?session_id=cs_test_none",
      unknown_order: "/order/" + order,
      no_such_page: "/none",
    })) {
      await stranger.page.goto(address);
      await look_at(stranger.page, name, code);
    }
    await stranger.context.close();
    await context.close();
  });

  test(`the shopkeeper's pages, ${code}`, async () => {
    const { page, faults, context } = await visitor(browser, shop, { locale });
    const customer = await visitor(browser, shop);
    await buy(customer.page);
    await check_out(customer.page, "leave");
    const order = await order_of(customer.page);
    await stripe.apply(await stripe.make_session(order), "pay");
    await shows(customer.page, "needs_review");
    await customer.context.close();

    await page.goto("/orders");
    await look_at(page, "sign_in", code);
    faults.splice(0); // that it is answered 403
    await page.locator("#token").fill(new URL(shop.orders).searchParams.get("token"));
    await page.locator("form button").click();
    await page.getByRole("link", { name: order }).waitFor();
    assert.equal(page.url(), shop.url + "/orders");
    await look_at(page, "orders", code);
    await page.getByRole("link", { name: order }).click();
    await page.locator("#note1").waitFor();
    await look_at(page, "order", code);
    await page.locator("button[value=reject]").click();
    await page.locator('[data-waits_for="refund"]').waitFor();
    await look_at(page, "order_to_give_back", code);
    const session = await stripe.make_session("no-such-order-" + code);
    await stripe.apply(session, "pay");
    await page.goto("/orders?show=unmatched");
    for (const end = Date.now() + 30_000; (await page.getByRole("link", { name: session }).count()) === 0; ) {
      assert.ok(Date.now() < end, "nobody is told of it");
      await page.reload();
    }
    await page.getByRole("link", { name: session }).click();
    await page.locator("#order1").waitFor();
    await look_at(page, "payment_without_order", code);
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test("the payment page", async () => {
  const { page, faults, context } = await visitor(browser, shop);
  const session = await buy(page);
  await look_at(page, "payment", "en");
  await check_out(page, "decline");
  await page.getByRole("alert").waitFor();
  await look_at(page, "payment_declined", "en");
  await stripe.apply(session, "expire");
  await page.goto(page.url().split("#")[0]); // with the same fragment it would load nothing
  await page.getByRole("heading", { name: "This checkout has expired." }).waitFor();
  await look_at(page, "payment_expired", "en");
  assert.deepEqual(faults, []);
  await context.close();
});

test("the language is switched, and stays", async () => {
  const { page, context, faults } = await visitor(browser, shop, { locale: "zh-CN" });
  await buy(page);
  await check_out(page, "pay_later");
  await shows(page, "processing");
  await page.getByRole("link", { name: "English" }).click();
  await page.getByRole("heading", { name: "Your payment is on its way" }).waitFor();
  await page.goto("/order/" + (await order_of(page)));
  await page.getByRole("heading", { name: "Your payment is on its way" }).waitFor();
  await page.getByRole("link", { name: "中文" }).click();
  await page.getByRole("heading", { name: "付款处理中" }).waitFor();
  assert.deepEqual(faults, []);
  await context.close();
});

test("the keyboard alone", async () => {
  const { page, context, faults } = await visitor(browser, shop);
  await page.goto("/");
  const outline = () =>
    page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
  for (const name of ["Skip to the content", "The Tea Shop", "中文", "Buy and pay"]) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => document.activeElement.textContent.trim());
    assert.equal(focused, name);
    assert.notEqual(await outline(), "none", name);
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/c\/pay\//);
  for (const name of ["Back to the shop", "Card Pay CN¥68.00"]) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => document.activeElement.textContent.trim());
    assert.equal(focused, name);
    assert.notEqual(await outline(), "none", name);
  }
  await page.keyboard.press("Enter");
  await shows(page, "paid");
  assert.equal(await article(page).getByRole("button").count(), 0);
  assert.deepEqual(faults, []);
  await context.close();
});

test("what the browser is told", async () => {
  const { page, context, faults } = await visitor(browser, shop);
  const answer = await page.goto("/");
  const headers = answer.headers();
  assert.match(headers["content-security-policy"], /^default-src 'none'; script-src 'self'; /);
  assert.equal(headers["referrer-policy"], "same-origin");
  assert.equal(headers["x-content-type-options"], "nosniff");
  await buy(page);
  await check_out(page, "pay");
  await shows(page, "paid");
  const cookies = await context.cookies();
  assert.ok(cookies.length > 0);
  for (const cookie of cookies) {
    assert.equal(cookie.httpOnly, true);
    assert.equal(cookie.sameSite, "Lax");
  }
  assert.deepEqual(faults, []);
  // Whatever got into a page could not run.
  const blocked = page.evaluate(
    () =>
      new Promise((resolve) => {
        document.addEventListener("securitypolicyviolation", (event) =>
          resolve(event.effectiveDirective));
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.body.append(script);
      }),
  );
  assert.equal(await blocked, "script-src-elem");
  assert.equal(await page.evaluate(() => window.ran), undefined);
  await context.close();
});
