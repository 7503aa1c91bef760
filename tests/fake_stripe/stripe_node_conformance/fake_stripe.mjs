// The program fake-stripe at FAKE_STRIPE_URL: how a client reaches it, and what a test has it do.
import assert from 'node:assert/strict';

const base = new URL(process.env.FAKE_STRIPE_URL);

export const options = {
  apiVersion: '2026-09-30.endive',
  host: base.hostname,
  port: base.port,
  protocol: 'http',
  maxNetworkRetries: 0,
};

export const command = async (path, body = {}) => {
  const answer = await fetch(new URL(`/_fake/${path}`, base), {
    method: 'POST',
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, await answer.clone().text());
  return answer.json();
};

export const click = async (session, action) =>
  fetch(session.url, {
    method: 'POST',
    body: new URLSearchParams({action}),
    redirect: 'manual',
  });
