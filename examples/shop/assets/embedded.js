// Mounts Stripe's own form. Not tested here: js.stripe.com is another computer.
"use strict";

const place = document.getElementById("checkout");
Stripe(place.dataset.key)
  .initEmbeddedCheckout({ clientSecret: place.dataset.clientSecret })
  .then((checkout) => checkout.mount(place));
