// Stripe's own client, unchanged, against fake-stripe at FAKE_STRIPE_URL: whatever it takes for
// Stripe's is as Stripe has it.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer} from 'node:http';
import test from 'node:test';
import Stripe from 'stripe';
import {click, command, options} from './fake_stripe.mjs';

const stripe = new Stripe('sk_test_judge', options);

const order = (more = {}) => ({
  mode: 'payment',
  success_url: 'http://127.0.0.1:9/ok?session_id={CHECKOUT_SESSION_ID}',
  cancel_url: 'http://127.0.0.1:9/basket',
  line_items: [
    {
      price_data: {currency: 'cny', product_data: {name: 'Tea & Söhne'}, unit_amount: 200},
      quantity: 2,
    },
    {
      price_data: {currency: 'cny', product_data: {name: 'Cup'}, unit_amount: 50},
      quantity: 1,
    },
  ],
  metadata: {out_trade_no: '1774256382025448500', 'odd key': 'a=b&c[d]'},
  ...more,
});

test.beforeEach(() => command('reset'));

test('creates and retrieves', async () => {
  const now = Math.floor(Date.now() / 1000);
  const made = await stripe.checkout.sessions.create(
    order({
      client_reference_id: 'ref',
      customer_email: 'somebody@example.com',
      expires_at: now + 3600,
      after_expiration: {recovery: {enabled: true}},
    })
  );
  assert.equal(made.object, 'checkout.session');
  assert.equal(made.status, 'open');
  assert.equal(made.amount_total, 450);
  assert.equal(made.expires_at, now + 3600);
  assert.deepEqual(made.metadata, order().metadata);
  assert.equal(made.after_expiration.recovery.enabled, true);
  assert.match(made.lastResponse.requestId, /^req_/);
  assert.equal(made.lastResponse.apiVersion, stripe.getApiField('version'));
  const read = await stripe.checkout.sessions.retrieve(made.id);
  assert.deepEqual(JSON.parse(JSON.stringify(read)), JSON.parse(JSON.stringify(made)));
});

test('pays on the hosted page and expands', async () => {
  const made = await stripe.checkout.sessions.create(order());
  const redirect = await click(made, 'pay');
  assert.equal(redirect.status, 303);
  assert.equal(redirect.headers.get('location'), `http://127.0.0.1:9/ok?session_id=${made.id}`);
  const paid = await stripe.checkout.sessions.retrieve(made.id, {
    expand: ['payment_intent.latest_charge', 'line_items.data.price.product'],
  });
  assert.equal(paid.status, 'complete');
  assert.equal(paid.payment_status, 'paid');
  assert.equal(paid.payment_intent.status, 'succeeded');
  assert.equal(paid.payment_intent.latest_charge.paid, true);
  assert.equal(paid.line_items.data[0].price.product.name, 'Tea & Söhne');
});

test('pays later', async () => {
  const made = await stripe.checkout.sessions.create(order());
  await click(made, 'pay_later');
  await command(`sessions/${made.id}/fail`);
  const failed = await stripe.checkout.sessions.retrieve(made.id, {expand: ['payment_intent']});
  assert.equal(failed.status, 'complete');
  assert.equal(failed.payment_status, 'unpaid');
  assert.equal(failed.payment_intent.status, 'requires_payment_method');
});

test('lists line items', async () => {
  const made = await stripe.checkout.sessions.create(order());
  const items = await stripe.checkout.sessions.listLineItems(made.id, {limit: 1});
  assert.equal(items.data[0].description, 'Tea & Söhne');
  assert.equal(items.has_more, true);
  const all = await stripe.checkout.sessions
    .listLineItems(made.id, {limit: 1})
    .autoPagingToArray({limit: 10});
  assert.deepEqual(
    all.map((item) => item.amount_total),
    [400, 50]
  );
});

test('lists and pages through sessions, both ways', async () => {
  const ids = [];
  for (let i = 0; i < 5; ++i) {
    ids.unshift((await stripe.checkout.sessions.create(order())).id);
  }
  const page = await stripe.checkout.sessions.list({limit: 2});
  assert.deepEqual(
    page.data.map((each) => each.id),
    ids.slice(0, 2)
  );
  assert.equal(page.has_more, true);
  const listed = [];
  for await (const each of stripe.checkout.sessions.list({limit: 2})) {
    listed.push(each.id);
  }
  assert.deepEqual(listed, ids);
  const back = [];
  for await (const each of stripe.checkout.sessions.list({limit: 2, ending_before: ids[4]})) {
    back.push(each.id);
  }
  assert.deepEqual(back, ids.slice(0, 4).reverse());

  const {created} = await stripe.checkout.sessions.retrieve(ids[0]);
  const since = await stripe.checkout.sessions.list({created: {gt: created}});
  assert.equal(since.data.length, 0);
  await command(`sessions/${ids[2]}/pay`);
  const complete = await stripe.checkout.sessions.list({
    status: 'complete',
    expand: ['data.payment_intent'],
  });
  assert.equal(complete.data[0].payment_intent.status, 'succeeded');
});

test('expires, once', async () => {
  const made = await stripe.checkout.sessions.create(order());
  assert.equal((await stripe.checkout.sessions.expire(made.id)).status, 'expired');
  await assert.rejects(stripe.checkout.sessions.expire(made.id), (error) => {
    assert(error instanceof Stripe.errors.StripeInvalidRequestError);
    assert.match(error.message, /Only Checkout Sessions with a status in \["open"\]/);
    return true;
  });
});

test('shows events', async () => {
  const made = await stripe.checkout.sessions.create(order());
  await command(`sessions/${made.id}/pay_later`);
  await command(`sessions/${made.id}/succeed`);
  const events = await stripe.events.list({
    types: ['checkout.session.completed', 'checkout.session.async_payment_succeeded'],
    created: {gte: made.created},
  });
  assert.deepEqual(
    events.data.map((each) => each.type),
    ['checkout.session.async_payment_succeeded', 'checkout.session.completed']
  );
  assert.equal(events.data[1].data.object.payment_status, 'unpaid');
  const again = await stripe.events.retrieve(events.data[0].id);
  assert.equal(again.data.object.payment_status, 'paid');
});

test('expires by the clock', async () => {
  const made = await stripe.checkout.sessions.create(order());
  await command('clock', {advance: 24 * 60 * 60});
  assert.equal((await stripe.checkout.sessions.retrieve(made.id)).status, 'expired');
});

test('replays what an idempotency key began', async () => {
  const once = {idempotencyKey: 'the-only-one'};
  const first = await stripe.checkout.sessions.create(order(), once);
  const again = await stripe.checkout.sessions.create(order(), once);
  assert.equal(again.id, first.id);
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
  assert.equal((await stripe.checkout.sessions.list()).data.length, 1);
  await assert.rejects(
    stripe.checkout.sessions.create(order({client_reference_id: 'other'}), once),
    Stripe.errors.StripeIdempotencyError
  );
});

test('makes one session though the answer is lost', async () => {
  const once = {idempotencyKey: 'lost-once'};
  await command('faults', {kind: 'cut', method: 'POST'});
  await assert.rejects(stripe.checkout.sessions.create(order(), once));
  const made = await stripe.checkout.sessions.create(order(), once);
  assert.equal(made.lastResponse.headers['idempotent-replayed'], 'true');
  assert.equal((await stripe.checkout.sessions.list()).data.length, 1);
});

test('lets the client try again by itself', async () => {
  const patient = new Stripe('sk_test_judge', {...options, maxNetworkRetries: 1});
  await command('faults', {kind: 'status', status: 503});
  await patient.checkout.sessions.create(order());
  await command('faults', {kind: 'status', status: 429, should_retry: true});
  assert.equal((await patient.checkout.sessions.list()).data.length, 1);
});

test('fails as Stripe does', async () => {
  const {errors} = Stripe;
  const live = new Stripe('sk_live_judge', options);
  await assert.rejects(live.checkout.sessions.list(), errors.StripeAuthenticationError);
  const publishable = new Stripe('pk_test_judge', options);
  await assert.rejects(publishable.checkout.sessions.list(), errors.StripePermissionError);
  await assert.rejects(stripe.checkout.sessions.retrieve('cs_test_nothing'), (error) => {
    assert(error instanceof errors.StripeInvalidRequestError);
    assert.equal(error.code, 'resource_missing');
    assert.equal(error.statusCode, 404);
    assert.match(error.requestId, /^req_/);
    return true;
  });
  await assert.rejects(stripe.checkout.sessions.create({mode: 'payment'}), (error) => {
    assert(error instanceof errors.StripeInvalidRequestError);
    assert.equal(error.code, 'parameter_missing');
    assert.equal(error.param, 'success_url');
    return true;
  });
  await command('faults', {kind: 'status', status: 429});
  await assert.rejects(stripe.checkout.sessions.list(), errors.StripeRateLimitError);
  await command('faults', {kind: 'status', status: 500});
  await assert.rejects(stripe.checkout.sessions.list(), errors.StripeAPIError);
  await command('faults', {kind: 'cut'});
  await assert.rejects(stripe.checkout.sessions.list());
});

test('signs its webhooks', async () => {
  let received;
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    received = {body: Buffer.concat(chunks), signature: request.headers['stripe-signature']};
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const secret = 'whsec_judge';
    const url = `http://127.0.0.1:${server.address().port}/`;
    await command('webhooks', {url, secret});
    const made = await stripe.checkout.sessions.create(order());
    await command(`sessions/${made.id}/pay`);
    const {data} = await command('webhooks/flush');
    assert.equal(data[0].state, 'delivered');
    const event = stripe.webhooks.constructEvent(received.body, received.signature, secret);
    assert.equal(event.type, 'checkout.session.completed');
    assert.equal(event.data.object.id, made.id);
    assert.throws(
      () => stripe.webhooks.constructEvent(received.body, received.signature, 'whsec_other'),
      Stripe.errors.StripeSignatureVerificationError
    );
  } finally {
    await command('webhooks', {url: ''});
    server.close();
  }
});
