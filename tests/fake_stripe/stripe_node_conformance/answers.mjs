// Writes every kind of answer that fake-stripe gives to its standard output as TypeScript, each
// annotated with the type that Stripe's client has for it.
//
// In an object that is written where it is annotated, a member that the type lacks is an error as
// much as one that the answer lacks.
import assert from 'node:assert/strict';
import {once} from 'node:events';
import {createServer} from 'node:http';
import Stripe from 'stripe-2026-09-30';
import {command, options} from './fake_stripe.mjs';

const stripe = new Stripe('sk_test_judge', options);
const {sessions} = stripe.checkout;

const received = [];
const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const signature = request.headers['stripe-signature'];
  received.push({body: String(Buffer.concat(chunks)), signature});
  response.end();
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const secret = 'whsec_judge';
await command('reset');
await command('webhooks', {
  url: `http://127.0.0.1:${server.address().port}/`,
  secret,
  payload: 'both',
  events: ['*'],
});

const item = (more = {}) => ({
  price_data: {currency: 'eur', product_data: {name: 'Tea'}, unit_amount: 200, ...more},
  quantity: 2,
});
const plain = {mode: 'payment', success_url: 'http://127.0.0.1:9/ok', line_items: [item()]};
const free = {...plain, line_items: [item({unit_amount: 0})]};
const full = () => ({
  ...plain,
  after_expiration: {recovery: {enabled: true, allow_promotion_codes: true}},
  billing_address_collection: 'required',
  cancel_url: 'http://127.0.0.1:9/basket',
  client_reference_id: 'ref',
  customer_email: 'somebody@example.com',
  expires_at: Math.floor(Date.now() / 1000) + 3600,
  line_items: [
    item({
      product_data: {
        name: 'Tea',
        description: 'Green',
        images: ['http://127.0.0.1:9/tea.png'],
        metadata: {leaf: 'whole'},
      },
    }),
  ],
  locale: 'de',
  metadata: {out_trade_no: '17'},
  payment_intent_data: {metadata: {out_trade_no: '17'}, description: 'Tea'},
  submit_type: 'pay',
});

const inPlace = {mode: 'payment', return_url: 'http://127.0.0.1:9/ok', line_items: [item()]};
const setup = {mode: 'setup', currency: 'eur', success_url: 'http://127.0.0.1:9/ok'};
const subscription = {
  ...plain,
  mode: 'subscription',
  line_items: [item({recurring: {interval: 'month'}})],
};
const trial = {...subscription, subscription_data: {trial_period_days: 7}};
const authorized = {...plain, payment_intent_data: {capture_method: 'manual'}};

const step = (name, body) => ({id}) => command(`sessions/${id}/${name}`, body);
const pay = step('pay');
const payLater = step('pay_later');
const succeed = step('succeed');
const fail = step('fail');
const decline = step('decline');
const expire = step('expire');
const ofCharge = (name, body) => async ({id}) => {
  const {payment_intent: intent} = await sessions.retrieve(id, {expand: ['payment_intent']});
  return command(`charges/${intent.latest_charge}/${name}`, body);
};
const refund = (body) => ofCharge('refund', body);
const dispute = ofCharge('dispute');
const recover = async ({id}) => {
  const {after_expiration: after} = await sessions.retrieve(id);
  await fetch(after.recovery.url, {redirect: 'manual'});
  const {data} = await sessions.list({limit: 1});
  assert.equal(data[0].recovered_from, id);
  return data[0];
};

// Whose payment is authorized and not yet captured.
const authorize = async () => {
  const {payment_intent: intent} = await pay(await sessions.create(authorized));
  return intent;
};
const {id: product} = await stripe.products.create({name: 'Tea'});
const {id: customer} = await stripe.customers.create({email: 'somebody@example.com'});
const {id: price} = await stripe.prices.create({product, currency: 'eur', unit_amount: 200});
const paidCharge = async () => {
  const {payment_intent: intent} = await pay(await sessions.create(plain));
  return intent.latest_charge.id;
};

// Objects that Stripe keeps: how each is made, and what happens to it.
const kinds = [
  {
    type: 'Checkout.Session',
    make: (parameters) => sessions.create(parameters),
    histories: {
      open: [plain],
      'open, of every parameter': [full()],
      'of a price and a customer': [{...plain, customer, line_items: [{price, quantity: 1}]}, pay],
      'with new metadata': [plain, ({id}) => sessions.update(id, {metadata: {out_trade_no: '18'}})],
      embedded: [{...inPlace, ui_mode: 'embedded_page'}, pay],
      'of elements': [{...inPlace, ui_mode: 'elements'}, pay],
      paid: [plain, pay],
      'paid, of every parameter': [full(), pay],
      declined: [plain, decline],
      'declined and then paid': [plain, decline, pay],
      'to be paid later': [plain, payLater],
      'paid later': [plain, payLater, succeed],
      'failed later': [plain, payLater, fail],
      authorized: [authorized, pay],
      captured: [authorized, pay, step('capture')],
      'captured in part': [authorized, pay, step('capture', {amount: 100})],
      'given up': [authorized, pay, step('cancel_payment')],
      taxed: [plain, step('update', {discount: 10, shipping: 20, tax: 30}), pay],
      presented: [plain, step('present', {amount: 500, currency: 'usd'}), pay],
      refunded: [plain, pay, refund({})],
      'refunded in part': [plain, pay, refund({amount: 1})],
      disputed: [plain, pay, dispute],
      free: [free],
      'free and complete': [free, pay],
      setup: [setup],
      'setup, complete': [setup, pay],
      subscription: [subscription],
      'subscription, paid': [subscription, pay],
      'trial, complete': [trial, pay],
      expired: [plain, expire],
      'declined and expired': [plain, decline, expire],
      recoverable: [full(), expire],
      recovered: [full(), expire, recover],
      'recovered and paid': [full(), expire, recover, pay],
    },
  },
  {
    type: 'PaymentIntent',
    make: authorize,
    histories: {
      authorized: [{}],
      captured: [{}, ({id}) => stripe.paymentIntents.capture(id)],
      'captured in part': [
        {},
        ({id}) => stripe.paymentIntents.capture(id, {amount_to_capture: 99}),
      ],
      'given up': [
        {},
        ({id}) => stripe.paymentIntents.cancel(id, {cancellation_reason: 'abandoned'}),
      ],
    },
  },
  {
    type: 'Refund',
    make: async (more) => stripe.refunds.create({charge: await paidCharge(), ...more}),
    histories: {
      refund: [{}],
      'refund in part': [{amount: 1, metadata: {why: 'cold'}, reason: 'requested_by_customer'}],
    },
  },
  {
    type: 'Product',
    make: (parameters) => stripe.products.create(parameters),
    histories: {
      product: [{name: 'Tea'}],
      'product, of every parameter': [
        {
          name: 'Tea',
          active: false,
          description: 'Green',
          images: ['http://127.0.0.1:9/tea.png'],
          metadata: {leaf: 'whole'},
        },
      ],
    },
  },
  {
    type: 'Price',
    make: (parameters) => stripe.prices.create({currency: 'eur', unit_amount: 200, ...parameters}),
    histories: {
      price: [{product}],
      'recurring price': [{product, recurring: {interval: 'month'}}],
      'price with its product': [
        {
          product_data: {name: 'Tea'},
          lookup_key: 'tea',
          nickname: 'Tea',
          metadata: {leaf: 'whole'},
        },
      ],
    },
  },
  {
    type: 'Customer',
    make: (parameters) => stripe.customers.create(parameters),
    histories: {
      customer: [{}],
      'customer, of every parameter': [
        {
          name: 'Jenny Rosen',
          description: 'Likes tea',
          email: 'somebody@example.com',
          metadata: {leaf: 'whole'},
        },
      ],
    },
  },
];

// All of what is there, as lists show it and as it is retrieved, with this expanded or not.
const resources = [
  ['Checkout.Session', sessions, ['payment_intent.latest_charge', 'line_items', 'customer']],
  ['PaymentIntent', stripe.paymentIntents, ['latest_charge', 'customer']],
  ['Charge', stripe.charges, ['payment_intent', 'customer']],
  ['Refund', stripe.refunds, ['charge', 'payment_intent']],
  ['Product', stripe.products, []],
  ['Price', stripe.prices, ['product']],
  ['Customer', stripe.customers, []],
  ['Event', stripe.events, []],
];

const live = new Stripe('sk_live_judge', options);
const publishable = new Stripe('pk_test_judge', options);
const faulty = async (fault) => {
  await command('faults', {kind: 'status', ...fault});
  return sessions.list();
};
const refusals = {
  'a key of live mode': () => live.events.list(),
  'a publishable key': () => publishable.events.list(),
  'no such session': () => sessions.retrieve('cs_test_nothing'),
  'no such event': () => stripe.events.retrieve('evt_nothing'),
  'a missing parameter': () => sessions.create({mode: 'payment'}),
  'an unknown parameter': () => sessions.create({...plain, colour: 'green'}),
  'a wrong parameter': () => sessions.create({...plain, success_url: 'nowhere'}),
  'too large an amount': () =>
    sessions.create({...plain, line_items: [item({unit_amount: 99999999})]}),
  'a property that cannot be expanded': () => sessions.list({expand: ['data.mode']}),
  'an unknown route': () => stripe.rawRequest('GET', '/v1/nothing'),
  'an idempotency key for something else': async () => {
    await sessions.create(plain, {idempotencyKey: 'the-only-one'});
    await sessions.create(free, {idempotencyKey: 'the-only-one'});
  },
  'too many requests': () => faulty({status: 429}),
  'a locked object': () => faulty({status: 429, code: 'lock_timeout'}),
  ...Object.fromEntries(
    [403, 409, 424, 500, 502, 503, 504].map((status) => [
      `status ${status}`,
      () => faulty({status}),
    ])
  ),
};

// What is null under /v2, the types call optional.
const withoutNulls = (value) =>
  Object.fromEntries(Object.entries(value).filter(([, each]) => each !== null));

// Stripe's client makes decimals of some of what it reads, and adds methods.
const Decimal = Stripe.Decimal.zero.constructor;
const literal = (value) => {
  if (typeof value === 'function') return 'undefined!';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each) => literal(each)).join(',\n')}]`;
  if (value instanceof Decimal) return `Stripe.Decimal.from('${value}')`;
  const members = Object.entries(value).map(
    ([name, each]) => `${JSON.stringify(name)}: ${literal(each)}`
  );
  return `{\n${members.join(',\n')}\n}`;
};

const refusal = 'StripeRawError & {code?: Stripe.PaymentIntent.LastPaymentError.Code}';

let count = 0;
const write = (type, title, answer) => {
  const name = `answer_${++count} /* ${title} */`;
  console.log(`export const ${name}: Stripe.${type} = ${literal(answer)};\n`);
};

console.log("import Stripe from 'stripe-2026-09-30';\n");
for (const {type, make, histories} of kinds) {
  for (const [title, [parameters, ...steps]] of Object.entries(histories)) {
    let object = await make(parameters);
    write(type, `${title}: made`, object);
    for (const each of steps) {
      object = await each(object);
      write(type, title, object);
    }
  }
}
for (const [type, resource, expand] of resources) {
  write(`ApiList<Stripe.${type}>`, 'list', await resource.list({limit: 100}));
  const expanded = await resource.list({limit: 100, expand: expand.map((path) => `data.${path}`)});
  write(`ApiList<Stripe.${type}>`, 'list, expanded', expanded);
  for await (const {id} of resource.list({limit: 100})) {
    write(type, 'retrieved', await resource.retrieve(id));
    write(type, 'retrieved, expanded', await resource.retrieve(id, {expand}));
  }
}
for await (const {id} of sessions.list({limit: 100})) {
  write('ApiList<Stripe.LineItem>', 'line items', await sessions.listLineItems(id));
  const items = await sessions.listLineItems(id, {expand: ['data.price.product']});
  write('ApiList<Stripe.LineItem>', 'line items, expanded', items);
}
for await (const {dispute} of stripe.charges.list({limit: 100})) {
  if (dispute) write('Dispute', 'dispute', await stripe.disputes.retrieve(dispute));
}
await command('webhooks/flush');
for (const {body, signature} of received) {
  if (JSON.parse(body).object === 'event') {
    write('Event', 'webhook', stripe.webhooks.constructEvent(body, signature, secret));
  } else {
    const notification = stripe.parseEventNotification(body, signature, secret);
    write('V2.Core.EventNotification', 'thin webhook', withoutNulls(notification));
    const event = await stripe.v2.core.events.retrieve(notification.id);
    write('V2.Core.Event', event.type, withoutNulls(event));
  }
}
for (const [title, request] of Object.entries(refusals)) {
  await assert.rejects(request, (error) => {
    assert(error instanceof Stripe.errors.StripeError, error);
    write(refusal, title, error.raw);
    return true;
  });
}
server.close();
