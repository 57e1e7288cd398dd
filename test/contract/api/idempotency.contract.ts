// Requests under an idempotency key: a repeat is the same thing, and another request is refused.
import { beforeAll, expect, test } from '@jest/globals';
import { Routes, sampleDeployment } from '../../support/routes.ts';
import type { Deployment } from '../../support/sealing.ts';

const READER = { tenant: 'acme', role: 'compliance', subject: 'me' };
const MISMATCH = { status: 422, type: 'urn:indelible:problem:idempotency-mismatch' };

let deployment: Deployment;
let routes: Routes;
beforeAll(async () => {
  deployment = await sampleDeployment();
  routes = new Routes(deployment);
});

const headers = (key: string) => ({ 'idempotency-key': key.replaceAll(' ', '-') });

async function export_(body: object, key: string, who = READER) {
  const { status, json } = await routes.ask('startExport', who, { body, headers: headers(key) });
  return status === 202 ? json.id : json;
}

/** Around what the deployment has recorded. */
const PERIOD = { format: 'csv', from: '2020-01-01', to: '2099-12-31' };

test.each<[string, object]>([
  ['begins later', { ...PERIOD, from: '2020-02-01' }],
  ['ends earlier', { ...PERIOD, to: '2099-11-30' }],
  ['has no end', { format: 'csv', from: '2020-01-01' }],
  ['has another format', { ...PERIOD, format: 'json' }],
  ['has other fields', { ...PERIOD, fields: ['id'] }],
  ['has a filter', { ...PERIOD, category: 'payment' }],
  ['has another order', { ...PERIOD, order: 'asc' }],
])('an export that %s is another request', async (name, body) => {
  const id = await export_(PERIOD, name);
  expect(id).toEqual(expect.any(String));
  expect(await export_({ to: PERIOD.to, from: PERIOD.from, format: 'csv' }, name)).toBe(id);
  expect(await export_(body, name)).toMatchObject(MISMATCH);
  expect(await export_(body, name, { ...READER, subject: 'another' })).not.toBe(id);
});

test('an export that counts back from now is the same request later', async () => {
  const last = { format: 'csv', preset: '7d' };
  const id = await export_(last, 'preset');
  expect(id).toEqual(expect.any(String));
  deployment.now += 60_000;
  expect(await export_(last, 'preset')).toBe(id);
});

test('an export is cancelled once: the second time it has ended before, in the same millisecond too', async () => {
  const { id } = (await routes.ask('startExport', READER, { body: { format: 'csv' } })).json as { id: string };
  const cancel = () => routes.ask('cancelExport', READER, { path: { id } });
  expect((await cancel()).json).toMatchObject({ id, status: 'cancelled' });
  expect(await cancel()).toMatchObject({ status: 409, json: { type: 'urn:indelible:problem:already-finished' } });
});

test('a bundle of other days is another request, and the same days are the same bundle', async () => {
  const ask = async (body: object, key: string, who = READER) => {
    const { status, json, headers: answered } = await routes.ask('startBundle', who, { body, headers: headers(key) });
    return status === 202 ? { id: json.id, replayed: answered['idempotent-replayed'] === 'true' } : json;
  };
  const first = await ask({ from: '2020-01-01', to: '2099-12-31' }, 'bundle');
  expect(first).toEqual({ id: expect.any(String), replayed: false });
  expect(await ask({ to: '2099-12-31', from: '2020-01-01' }, 'bundle')).toEqual({ id: first.id, replayed: true });
  for (const other of [{}, { from: '2020-01-01' }, { to: '2099-12-31' }, { from: '2020-01-02', to: '2099-12-31' }]) {
    expect(await ask(other, 'bundle')).toMatchObject(MISMATCH);
  }
  expect((await ask({}, 'bundle', { ...READER, subject: 'another' })).id).not.toBe(first.id);
});

test('a saved search that was changed since is still what the request saved', async () => {
  const ask = (body: object) => routes.ask('saveSearch', READER, { body, headers: headers('saved') });
  const first = { name: 'Payments', parameters: { category: 'payment', order: 'asc' } };
  const { json: saved } = await ask(first);
  const changed = { name: 'Old payments', parameters: { to: '2020-01-01' }, version: 1 };
  const replaced = await routes.ask('replaceSearch', READER, { path: { id: saved.id }, body: changed });
  expect(replaced.status).toBe(200);
  const again = { shared: false, parameters: { order: 'asc', category: 'payment' }, name: 'Payments' };
  expect((await ask(again)).json).toEqual(replaced.json);
  expect((await ask({ ...first, name: 'Others' })).json).toMatchObject(MISMATCH);
});

test('faults of a small request are few', async () => {
  const values = Array.from({ length: 4_000 }, () => 'x').join();
  const found = await routes.ask('searchEntries', READER, { query: { category: values, severity: values } });
  expect(found.json.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(['/category', '/severity']);
  const unknown = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`m${i}`, 1]));
  const held = await routes.ask('applyHold', READER, { body: { reason: 'r', scope: {}, ...unknown } });
  expect(held.json.errors).toHaveLength(100);
});
