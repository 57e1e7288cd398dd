// The steps of the expiry's state machine.
import { describe, expect, test } from '@jest/globals';
import { expireSteps } from '../../../functions/steps/expire/expire.ts';
import { readPayload } from '../../../functions/steps/expire/payload.ts';
import { readSweepTask } from '../../../functions/steps/sweep/task.ts';
import type { ExpirePlan, ExpireTask } from '../../../services/expire/steps.ts';
import { Expiring } from '../../support/expiring.ts';
import { HoldApi } from '../../support/hold-api.ts';

const MARCH_1 = Date.parse('2026-03-01T10:00:00.000Z');

test('the steps of the state machine end in nothing left to do', async () => {
  const expiring = new Expiring();
  await expiring.record([{ category: 'debug', recordedAt: MARCH_1 }]);
  await expiring.seal();
  await expiring.hold('h-1', { category: 'error' });
  const api = new HoldApi(expiring.store);
  expiring.pass(2 * 3_600_000 + 61_000);
  api.now = expiring.now;
  const step = expireSteps({ ports: expiring.ports, holds: api.ports, newId: () => 'run-1' });
  const plan = (await step({ step: 'plan', input: {} })) as ExpirePlan;
  expect(plan).toMatchObject({ run: 'run-1', sweeps: 1 });
  expect(plan.tasks.map(({ category }) => category).sort()).toEqual(['debug', 'error']);
  for (const task of plan.tasks) {
    // As Step Functions hands it on.
    const answer = (await step(JSON.parse(JSON.stringify(task)))) as ExpireTask;
    expect(answer).toMatchObject({ done: true, expired: { segments: task.category === 'debug' ? 1 : 0 } });
  }
  expect(expiring.bodies()).toEqual([]);
  expect([...api.started.values()]).toContainEqual({ tenant: 'acme' });
});

describe('a payload', () => {
  test.each([
    [{ step: 'plan' }, { step: 'plan', input: {} }],
    [
      { step: 'plan', input: { category: 'debug' } },
      { step: 'plan', input: { category: 'debug' } },
    ],
    [
      { step: 'plan', input: { tenant: 'acme' } },
      { step: 'plan', input: { tenant: 'acme' } },
    ],
  ])('%j is understood', (payload, step) => expect(readPayload(payload)).toEqual(step));

  test.each([
    [undefined],
    [{}],
    [{ step: 'seal' }],
    [{ step: 'plan', input: 'debug' }],
    [{ step: 'plan', input: [] }],
    [{ step: 'plan', input: { categroy: 'debug' } }],
    [{ step: 'plan', input: { category: 'Debug logs' } }],
    [{ step: 'plan', input: { category: 7 } }],
    [{ step: 'plan', input: { tenant: '../x' } }],
    [{ step: 'expire', category: 'a/b' }],
  ])('%j is refused', (payload) => expect(() => readPayload(payload)).toThrow(/^got /));

  test.each([[undefined], [{}], [{ tenant: '' }], [{ tenant: 'a/b' }], [{ tenant: 'acme', hold: 1 }]])(
    '%j is no sweep',
    (payload) => expect(() => readSweepTask(payload)).toThrow(/^got /),
  );

  test('of a sweep is understood', () => {
    expect(readSweepTask({ tenant: 'acme', hold: 'h-1', after: 'k' })).toEqual({
      tenant: 'acme',
      hold: 'h-1',
      after: 'k',
    });
  });
});
