// Retrieves one session again and again by the official client, and prints what a retrieve costs it
// in CPU time, in microseconds:
//
//   node stripe_node.mjs https://localhost:PORT IN_FLIGHT ROUNDS REQUESTS
//
// With "webhook" in place of the URL, checks and parses the event on its standard input:
//
//   node stripe_node.mjs webhook SIGNATURE_HEADER SECRET ROUNDS REQUESTS < event.json
import { readFileSync } from 'node:fs';
import Stripe from 'stripe';

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

async function measured(rounds, requests, work) {
  const costs = [];
  await work(); // makes the connections, and warms the compiler up
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / requests);
  }
  console.log(median(costs));
}

async function retrieve(base, inFlight, rounds, requests) {
  const url = new URL(base);
  const stripe = new Stripe('sk_test_bench', {
    host: url.hostname,
    port: Number(url.port),
    protocol: url.protocol.slice(0, -1),
    telemetry: false,
  });
  await measured(rounds, requests, async () => {
    let left = requests;
    await Promise.all(Array.from({ length: inFlight }, async () => {
      while (left-- > 0) {
        const session = await stripe.checkout.sessions.retrieve('cs_test_a1', {
          expand: ['payment_intent'],
        });
        if (session.payment_status !== 'paid') throw new Error('another session');
      }
    }));
  });
}

async function verify(header, secret, rounds, requests) {
  const body = readFileSync(0, 'utf8');
  const { webhooks } = new Stripe('sk_test_bench');
  await measured(rounds, requests, async () => {
    for (let i = 0; i < requests; i++) {
      const event = webhooks.constructEvent(body, header, secret, 300, undefined, 1774256400000);
      if (event.data.object.payment_status !== 'paid') throw new Error('another event');
    }
  });
}

const [what, ...rest] = process.argv.slice(2);
if (what === 'webhook') {
  const [header, secret, rounds, requests] = rest;
  await verify(header, secret, Number(rounds), Number(requests));
} else {
  const [inFlight, rounds, requests] = rest.map(Number);
  await retrieve(what, inFlight, rounds, requests);
}
