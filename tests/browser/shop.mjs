// The shop as a program, and browsers to visit it with.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const screenshots = process.env.SCREENSHOTS;
const longest_wait = 30_000;

// { url, orders, stripe, stop() }: where the shop is, the shopkeeper's link, the fake Stripe.
export async function start_shop() {
  const program = spawn(process.env.SHOP_PROGRAM, ["--port", "0"], {
    env: { PATH: process.env.PATH },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise((resolve) => program.on("exit", resolve));
  const urls = [];
  for await (const line of createInterface({ input: program.stdout })) {
    urls.push(line.match(/https?:\/\/[^\s:]+(:\d+)?(\/[^\s:]*)?/)[0]);
    if (urls.length === 3) break;
  }
  const [shop, orders, stripe] = urls;
  return {
    url: shop.replace(/\/$/, ""),
    orders,
    stripe,
    async stop() {
      program.kill("SIGTERM");
      assert.equal(await ended, 0, "the shop does not end well");
    },
  };
}

export function start_browser() {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
}

// The fake Stripe's own commands.
export function stripe_hand(url) {
  const command = async (path, body, method = "POST") => {
    const answer = await fetch(url + "/_fake" + path, {
      method,
      body: method === "POST" ? JSON.stringify(body ?? {}) : undefined,
    });
    assert.equal(answer.status, 200, path);
    return answer.json();
  };
  return {
    apply: (session, action) => command(`/sessions/${session}/${action}`),
    lose_webhooks: (lose) => command("/webhooks", { lose }),
    delay_webhooks: (delay) => command("/webhooks", { delay }),
    deliver_webhooks: () => command("/webhooks/flush"),
    go_down: () =>
      command("/faults", { kind: "status", status: 503, path_prefix: "/v1/", count: 100000 }),
    end_faults: () => command("/faults", null, "DELETE"),
    async make_session(out_trade_no) {
      const answer = await fetch(url + "/v1/checkout/sessions", {
        method: "POST",
        headers: { Authorization: "Bearer sk_test_tea_shop" },
        body: new URLSearchParams({
          mode: "payment",
          success_url: "http://localhost/",
          "metadata[out_trade_no]": out_trade_no,
          "line_items[0][quantity]": "1",
          "line_items[0][price_data][currency]": "cny",
          "line_items[0][price_data][unit_amount]": "6800",
          "line_items[0][price_data][product_data][name]": "Tea",
        }),
      });
      assert.equal(answer.status, 200);
      return (await answer.json()).id;
    },
  };
}

// A page in a browser of its own. faults(): what the console said that it should not have, in the
// shop's own pages.
export async function visitor(browser, shop, options = {}) {
  const context = await browser.newContext({
    baseURL: shop.url,
    locale: "en-US",
    viewport: { width: 1000, height: 800 },
    ...options,
  });
  const faults = [];
  context.on("console", (message) => {
    if (message.type() === "error" && message.location().url.startsWith(shop.url))
      faults.push(message.text());
  });
  context.on("weberror", (error) => faults.push(String(error.error())));
  context.setDefaultTimeout(longest_wait);
  const page = await context.newPage();
  return { context, page, faults };
}

export async function screenshot(page, name) {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: `${screenshots}/${name}.png`, fullPage: true });
}

export const article = (page) => page.locator("#order article");

// Waits until the page shows the order in this state.
export async function shows(page, state) {
  await page.locator(`#order article[data-state="${state}"]`).waitFor();
}

export async function press(page, name) {
  await page.getByRole("button", { name, exact: true }).click();
}

// What the customer does on Stripe's page, whatever its language: pay, pay_later, decline or leave.
export async function check_out(page, action) {
  await page.locator(`button[name=action][value=${action}]`).first().click();
}

export async function buy(page) {
  await page.goto("/");
  await page.locator("form button").click();
  await page.waitForURL(/\/c\/pay\//);
  return session_of(page);
}

export const session_of = (page) => new URL(page.url()).pathname.split("/").pop();
export const order_of = (page) => article(page).getAttribute("data-order");
