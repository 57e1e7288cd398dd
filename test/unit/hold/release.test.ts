// Who ends a hold: the office that applied it, and two people where the tenant has a second reviewer.
import { describe, expect, test } from '@jest/globals';
import { HoldApi } from '../../support/hold-api.ts';

const BODY = { reason: 'Suit 17-204', scope: { subject: 'u-17' } };
const SETTLED = { reason: 'Settled' };
const DAY_MS = 86_400_000;
const problem = (slug: string) => `urn:indelible:problem:${slug}`;

const officer = (number: number, role = 'compliance') => ({ subject: `officer-${number}`, role });

async function held({ reviewers = [] as string[], role = 'compliance' } = {}) {
  const api = new HoldApi(undefined, reviewers);
  const { id } = (await api.post(BODY, officer(1, role))).body.hold as { id: string };
  return { api, id };
}

const TWO = { reviewers: ['officer-1', 'officer-2'] };
const actions = (api: HoldApi) => api.entries().map(({ action, actor }) => [action, actor.id]);

describe('the office', () => {
  test.each([
    ['compliance', 'admin'],
    ['admin', 'compliance'],
  ])('that applied a hold (%s) releases it, and no other (%s)', async (role, other) => {
    for (const options of [{ role }, { role, ...TWO }]) {
      const { api, id } = await held(options);
      for (const number of [1, 2, 3]) {
        const answer = await api.release(id, SETTLED, officer(number, other));
        expect([answer.status, answer.body.type]).toEqual([403, problem('forbidden-role')]);
      }
      expect([api.store.keys().length, (await api.list()).body.holds[0].status]).toEqual([1, 'active']);
      expect((await api.release(id, SETTLED, officer(1, role))).status).toBe(
        role && 'reviewers' in options ? 202 : 200,
      );
    }
  });

  test('is the one that the caller acts in, and not all that it holds', async () => {
    const { api, id } = await held({ role: 'admin' });
    const both = { subject: 'officer-1', role: 'compliance admin' };
    expect((await api.release(id, SETTLED, both)).status).toBe(403);
    const { body, status } = await api.release(id, SETTLED, { ...both, query: { role: 'admin' } });
    expect([status, body.hold.released.role]).toEqual([200, 'admin']);
  });
});

describe('where the tenant has a second reviewer', () => {
  test('a release is asked for by one and confirmed by another, and the hold is in force until then', async () => {
    const { api, id } = await held(TWO);
    const asked = await api.release(id, SETTLED, officer(1));
    expect([asked.status, asked.body.hold.status]).toEqual([202, 'active']);
    const request = { by: 'officer-1', role: 'compliance', reason: 'Settled' };
    expect(asked.body.hold).toMatchObject({ releaseRequested: request });
    expect(asked.body.hold).not.toHaveProperty('released');
    expect(api.started.size).toBe(1);
    const confirmed = await api.release(id, { reason: 'I agree' }, officer(2));
    expect([confirmed.status, confirmed.body.hold.status]).toEqual([200, 'released']);
    expect(confirmed.body.hold).toMatchObject({
      releaseRequested: request,
      released: { by: 'officer-2', reason: 'I agree' },
    });
    expect(actions(api)).toEqual([
      ['hold.applied', 'officer-1'],
      ['hold.release_requested', 'officer-1'],
      ['hold.released', 'officer-2'],
    ]);
    expect(api.started.size).toBe(2);
  });

  test('one person never releases it, however often and in whatever words', async () => {
    const { api, id } = await held(TWO);
    for (let i = 0; i < 5; i++) {
      for (const sent of [officer(1), { ...officer(1), key: `k-${i}` }, { ...officer(1), role: 'compliance admin' }]) {
        const answer = await api.release(id, { reason: `try ${i}` }, sent);
        expect([answer.status, answer.body.hold.status]).toEqual([202, 'active']);
      }
    }
    await Promise.all(Array.from({ length: 6 }, () => api.release(id, SETTLED, officer(1))));
    expect(api.store.keys()).toHaveLength(2);
    expect(actions(api)).toHaveLength(2);
  });

  test('a request may be sent again, and is told as that', async () => {
    const { api, id } = await held(TWO);
    await api.release(id, SETTLED, { ...officer(1), key: 'r' });
    const again = await api.release(id, SETTLED, { ...officer(1), key: 'r' });
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([202, 'true']);
    await api.release(id, SETTLED, { ...officer(2), key: 's' });
    for (const [number, key] of [
      [1, 'r'],
      [2, 's'],
    ] as const) {
      const late = await api.release(id, SETTLED, { ...officer(number), key });
      expect([late.status, late.headers['idempotent-replayed'], late.body.hold.status]).toEqual([
        200,
        'true',
        'released',
      ]);
    }
    expect((await api.release(id, SETTLED, { ...officer(3), key: 't' })).status).toBe(409);
  });

  test('two that ask at the same time have both asked', async () => {
    const { api, id } = await held(TWO);
    const answers = await Promise.all([api.release(id, SETTLED, officer(1)), api.release(id, SETTLED, officer(2))]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 202]);
    expect((await api.list()).body.holds[0].status).toBe('released');
    expect(api.store.keys()).toHaveLength(3);
  });

  test('a named reviewer of another office confirms, and does not begin', async () => {
    const { api, id } = await held(TWO);
    const reviewer = officer(2, 'admin');
    expect((await api.release(id, SETTLED, reviewer)).status).toBe(403);
    await api.release(id, SETTLED, officer(1));
    expect((await api.release(id, SETTLED, officer(3, 'admin'))).status).toBe(403);
    expect((await api.release(id, SETTLED, reviewer)).status).toBe(200);
  });

  test('a request that nobody confirmed in thirty days has to be made again', async () => {
    const { api, id } = await held(TWO);
    await api.release(id, SETTLED, officer(1));
    api.now += 30 * DAY_MS;
    const late = await api.release(id, SETTLED, officer(2));
    expect([late.status, late.body.hold.releaseRequested.by]).toEqual([202, 'officer-2']);
    expect((await api.release(id, SETTLED, officer(1))).status).toBe(200);
  });

  test('who is the only one named releases alone', async () => {
    const { api, id } = await held({ reviewers: ['officer-1'] });
    expect((await api.release(id, SETTLED, officer(1))).status).toBe(200);
  });
});
