// Legal holds with a fault at each of their writes.
import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../fakes/locked-store.ts';
import { HoldApi } from '../support/hold-api.ts';

const BODY = { reason: 'Suit 17-204', scope: { subject: 'u-17' } };

/** An event, an entry and a start, once for applying and once for releasing. */
const WRITES = 6;

type Scenario = (api: HoldApi) => Promise<number>;

const scenario: Scenario = async (api) => {
  const applied = await api.post(BODY, { key: 'suit' });
  if (applied.status !== 201) return applied.status;
  return (await api.release(applied.body.hold.id, { reason: 'Settled' }, { key: 'settled' })).status;
};

async function crashed(nth: number, fault: Fault): Promise<HoldApi> {
  const api = new HoldApi();
  let writes = 0;
  api.fault = () => (writes++ === nth ? fault : undefined);
  expect(await scenario(api)).toBe(500);
  api.fault = undefined;
  return api;
}

function expectWhole(api: HoldApi): void {
  expect(api.store.keys()).toHaveLength(2);
  expect(api.entries().map(({ action }) => action)).toEqual(['hold.applied', 'hold.released']);
  expect(api.started.size).toBe(2);
}

describe.each<Fault>(['lost', 'persisted'])('a write whose answer does not come (%s)', (fault) => {
  test.each(Array.from({ length: WRITES }, (_, nth) => nth))('at write %i is made good by repeating', async (nth) => {
    const api = await crashed(nth, fault);
    expect(await scenario(api)).toBe(200);
    expectWhole(api);
  });

  test.each(Array.from({ length: WRITES }, (_, nth) => nth))(
    'at write %i is made good by the schedule',
    async (nth) => {
      const api = await crashed(nth, fault);
      const { holds } = (await api.list()).body;
      await api.heal();
      // As far as it came: what is in force is told and swept.
      const released = holds.filter(({ status }: { status: string }) => status === 'released').length;
      expect(api.entries()).toHaveLength(holds.length + released);
      const sweeps = [...api.started.values()].filter((task) => task.hold !== undefined);
      expect(sweeps).toHaveLength(holds.length + released);
      expect(await scenario(api)).toBe(200);
      const tasks = [...api.started.values()].filter((task) => task.hold !== undefined);
      expect([tasks.length, api.entries().length]).toEqual([2, 2]);
    },
  );
});

/** The same three for applying and releasing, and an event and an entry for asking. */
const WRITES_OF_TWO = 8;

/** Applied by one, whose request to release it another confirms; each tries again for as long as it fails. */
async function byTwo(api: HoldApi): Promise<string[]> {
  const again = async (send: () => ReturnType<HoldApi['post']>) => {
    for (;;) {
      const answer = await send();
      if (answer.status !== 500) return answer;
    }
  };
  const { id } = (await again(() => api.post(BODY, { key: 'suit' }))).body.hold;
  const answers = [1, 2].map((number) => () => {
    const sent = { key: `settled-${number}`, subject: `officer-${number}` };
    return again(() => api.release(id, { reason: 'Settled' }, sent));
  });
  const statuses: string[] = [];
  for (const answer of answers) {
    const { status, body } = await answer();
    statuses.push(`${status} ${body.hold.status}`);
  }
  return statuses;
}

describe.each<Fault>(['lost', 'persisted'])('a release by two whose answer does not come (%s)', (fault) => {
  test.each(Array.from({ length: WRITES_OF_TWO }, (_, nth) => nth))(
    'at write %i needs both all the same',
    async (nth) => {
      const api = new HoldApi(undefined, ['officer-1', 'officer-2']);
      let writes = 0;
      api.fault = () => (writes++ === nth ? fault : undefined);
      expect(await byTwo(api)).toEqual(['202 active', '200 released']);
      // Each of them was there to fail; one that was persisted is not done again.
      expect(writes).toBeGreaterThanOrEqual(WRITES_OF_TWO);
      expect(api.store.keys()).toHaveLength(3);
      expect(api.entries().map(({ action }) => action)).toEqual([
        ...['hold.applied', 'hold.release_requested', 'hold.released'],
      ]);
      expect(api.started.size).toBe(2);
    },
  );

  test('is told by the schedule where the answer was never asked for again', async () => {
    const api = new HoldApi(undefined, ['officer-1', 'officer-2']);
    const { id } = (await api.post(BODY)).body.hold;
    let writes = 0;
    // The event is written, and the entry is not.
    api.fault = () => (writes++ === 1 ? fault : undefined);
    expect((await api.release(id, { reason: 'Settled' })).status).toBe(500);
    api.fault = undefined;
    await api.heal();
    expect(api.entries().map(({ action }) => action)).toEqual(['hold.applied', 'hold.release_requested']);
  });
});
