// Keeps the state of an order on the page up to date. Without this, the page loads itself again.
"use strict";

const order = document.getElementById("order");
const shown = ["state", "next_step", "pay_again"];
let timer;
let wait;

// Puts the newer article in the place of the older one, so that a screen reader reads it out.
async function show_newer(number) {
  const answer = await fetch("/order/" + encodeURIComponent(number), { cache: "no-store" });
  if (!answer.ok) return;
  const newer = new DOMParser().parseFromString(await answer.text(), "text/html");
  const article = newer.querySelector("#order article");
  if (!article) return;
  order.replaceChildren(document.importNode(article, true));
  document.title = newer.title;
}

async function look() {
  if (document.visibilityState === "hidden") return; // until somebody sees it again
  const { order: number, ...before } = order.querySelector("article").dataset;
  try {
    const answer = await fetch("/order/" + encodeURIComponent(number) + "/status", {
      cache: "no-store",
    });
    if (answer.ok) {
      const now = await answer.json();
      if (shown.some((each) => now[each] !== before[each])) {
        await show_newer(number);
        wait = 500;
      }
    }
  } catch {
    // offline: the next look may find the shop again
  }
  look_later();
}

// Twice as long each time, up to what the shop says.
function look_later() {
  const at_most = Number(order.querySelector("article").dataset.poll_after) * 1000;
  if (at_most === 0) return;
  wait = Math.min(wait * 2, at_most);
  clearTimeout(timer);
  timer = setTimeout(look, wait);
}

function look_soon() {
  wait = 500;
  look_later();
}

if (order) {
  look_soon();
  // Back from another tab or app, or by the back button.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") look_soon();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) look();
  });
}

if (document.getElementById("load_again")) setTimeout(() => location.reload(), 5000);
