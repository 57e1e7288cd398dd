// The template's own state machine of a verification, run with stand-ins for its function.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Bench, bench, functionArn } from '../unit/local/stepfunctions/support.ts';
import { type Json, resources, synthesize } from './support.ts';

let it: Bench;
beforeEach(async () => {
  it = await bench();
});
afterEach(() => it.close());

function definitionOf(name: string): Json {
  const [found] = resources(synthesize().appTemplate, 'AWS::StepFunctions::StateMachine').filter(([, { Properties }]) =>
    String(Properties.StateMachineName).endsWith(`-${name}`),
  );
  const parts: Json[] = found![1].Properties.DefinitionString['Fn::Join'][1];
  const text = parts.map((part) => (typeof part === 'string' ? part : functionArn(name.toLowerCase())));
  return JSON.parse(text.join('').replaceAll('arn::states', 'arn:aws:states'));
}

test('goes on with shards and with telling until they are done, and counts a shard that fails for good', async () => {
  const definition = definitionOf('Verify');
  // Tries that are spread over minutes are not what is tried here.
  const { VerifyTenants } = definition.States;
  VerifyTenants.ItemProcessor.States.VerifyTenantsSlice.Retry = [];
  const plan = { key: 'plan', version: 'v', sha256: 's', bytes: 1 };
  const given: Json[] = [];
  it.functions.set('verify', (event: Json) => {
    given.push(event);
    if (event.step === 'plan') return { id: 'i', mode: 'full', plan, shards: [0, 1, 2] };
    if (event.step === 'shard') {
      if (event.shard === 2) throw new Error('no more');
      const part = (event.cursor?.part ?? 0) + 1;
      return { shard: event.shard, done: part > event.shard, cursor: { part } };
    }
    const next = (event.cursor?.next ?? 0) + 5;
    const cause = JSON.stringify({ verdict: 'altered' });
    return { id: 'i', done: next === 10, cursor: { report: plan, next }, verdict: 'altered', report: plan, cause };
  });
  const execution = await it.run(await it.machine(definition), { mode: 'full' });
  expect(execution).toMatchObject({
    status: 'FAILED',
    error: 'Altered',
    cause: JSON.stringify({ verdict: 'altered' }),
  });
  const shards = given.filter(({ step }) => step === 'shard').map(({ shard, cursor }) => [shard, cursor]);
  expect(shards).toEqual(
    expect.arrayContaining([
      ...[
        [0, null],
        [1, null],
        [2, null],
      ],
      [1, { part: 1 }],
    ]),
  );
  const [first, second, ...more] = given.filter(({ step }) => step === 'conclude');
  expect(more).toEqual([]);
  expect(first.cursor).toBeNull();
  expect(second.cursor).toEqual({ report: plan, next: 5 });
  expect(second.results).toEqual(first.results);
  expect(first.results.map(({ shard, done, error }: Json) => [shard, done, error?.Error])).toEqual([
    [0, true, undefined],
    [1, true, undefined],
    [2, undefined, 'Error'],
  ]);
  expect(JSON.stringify(first.results)).not.toContain('no more');
});
