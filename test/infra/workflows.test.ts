// State machines and schedules.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Annotations, Match, type Template } from 'aws-cdk-lib/assertions';
import { type Json, resources, synthesize } from './support.ts';

let app: Template;
beforeAll(() => {
  app = synthesize().appTemplate;
});

/** A definition as Step Functions gets it, with `#LogicalId` for what CloudFormation fills in. */
function definitionOf(name: string): Json {
  const [found] = resources(app, 'AWS::StepFunctions::StateMachine').filter(([, { Properties }]) =>
    String(Properties.StateMachineName).endsWith(`-${name}`),
  );
  const parts: Json[] = found![1].Properties.DefinitionString['Fn::Join'][1];
  const text = parts.map((part) => (typeof part === 'string' ? part : `#${part['Fn::GetAtt'][0]}`)).join('');
  return JSON.parse(text);
}

/** Every state, those inside of maps too. */
function statesOf(definition: Json): [string, Json][] {
  return Object.entries(definition.States).flatMap(([name, state]: [string, Json]): [string, Json][] => [
    [name, state],
    ...(state.ItemProcessor === undefined ? [] : statesOf(state.ItemProcessor)),
  ]);
}

const MACHINES = ['Seal', 'Verify', 'Expire', 'Hold', 'Reindex', 'Query', 'Export', 'Bundle'] as const;

describe('state machines', () => {
  test('are declared in such a way that CDK warns of nothing', () => {
    const { application } = synthesize();
    Annotations.fromStack(application).hasNoWarning('*', Match.anyValue());
  });

  test.each(MACHINES)('%s: is logged whole, traced, and ends some day', (name) => {
    const [found] = resources(app, 'AWS::StepFunctions::StateMachine').filter(
      ([, { Properties }]) => Properties.StateMachineName === `Indelible-${name}`,
    );
    expect(found![1].Properties).toMatchObject({
      LoggingConfiguration: { Level: 'ALL', Destinations: [expect.anything()] },
      TracingConfiguration: { Enabled: true },
    });
    expect(definitionOf(name).TimeoutSeconds).toBeGreaterThan(0);
  });

  test.each(MACHINES)('%s: every step is tried again, and none is waited for without end', (name) => {
    const tasks = statesOf(definitionOf(name)).filter(([, { Type }]) => Type === 'Task');
    expect(tasks.length).toBeGreaterThan(0);
    for (const [, task] of tasks) {
      expect(task.TimeoutSeconds).toBeGreaterThan(900);
      expect(task.Retry.flatMap(({ ErrorEquals }: Json) => ErrorEquals)).toEqual(
        expect.arrayContaining(['Lambda.TooManyRequestsException', 'States.TaskFailed', 'States.Timeout']),
      );
    }
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html#map-run-label
  test('maps have labels that Step Functions takes: short, plain, and each its own', () => {
    const labels = MACHINES.map((name) =>
      statesOf(definitionOf(name)).flatMap(([state, { Type, Label, ItemProcessor }]) =>
        Type === 'Map' ? [{ state, label: Label, mode: ItemProcessor.ProcessorConfig?.Mode }] : [],
      ),
    );
    expect(labels.flat().length).toBeGreaterThan(0);
    for (const own of labels) {
      const named = own.flatMap(({ label }) => label ?? []);
      for (const label of named) expect(label).toMatch(/^[^\s?*<>{}[\]:;,\\|^~$#%&`"/\p{Cc}]{1,40}$/u);
      expect(new Set(named).size).toBe(named.length);
    }
  });

  test.each(MACHINES)('%s: its role invokes its functions and nothing else', (name) => {
    const invoked = statesOf(definitionOf(name)).flatMap(([, { Parameters }]) => Parameters?.FunctionName ?? []);
    const [policy] = resources(app, 'AWS::IAM::Policy').filter(([id]) => id.startsWith(`Workflows${name}Role`));
    const lambda = policy![1].Properties.PolicyDocument.Statement.filter(({ Action }: Json) =>
      [Action].flat().some((action: string) => action.startsWith('lambda:')),
    );
    expect(lambda).toHaveLength(1);
    expect(lambda[0].Action).toBe('lambda:InvokeFunction');
    const granted = [lambda[0].Resource].flat().map((resource: Json) => `#${resource['Fn::GetAtt'][0]}`);
    expect(granted.toSorted()).toEqual([...new Set(invoked)].toSorted());
  });

  test('a shard goes on with its cursor until it is done', () => {
    const states = Object.fromEntries(statesOf(definitionOf('Seal')));
    expect(states.SealTenants.ItemSelector['cursor.$']).toBe("States.StringToJson('null')");
    expect(states.SealTenantsIsDone).toMatchObject({
      Choices: [{ Variable: '$.slice.answer.done', BooleanEquals: true, Next: 'SealTenantsFinished' }],
      Default: 'SealTenantsGoOn',
    });
    expect(states.SealTenantsGoOn.Parameters['cursor.$']).toBe('$.slice.answer.cursor');
  });

  test('a search of the archive looks again when its last look said, and one that fails for good is marked', () => {
    const states = Object.fromEntries(statesOf(definitionOf('Query')));
    expect(states.Search).toMatchObject({
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'GiveUp' }],
    });
    expect(states.SearchIsDone).toMatchObject({ Choices: [{ Variable: '$.done' }], Default: 'SearchPause' });
    expect(states.SearchPause).toMatchObject({ Type: 'Wait', SecondsPath: '$.waitSeconds', Next: 'Search' });
    expect(states.GiveUp.Parameters.Payload).toEqual({ 'tenant.$': '$.tenant', 'id.$': '$.id', gaveUp: true });
    expect(states.GiveUp.Next).toBe('QueryFailed');
  });

  test('a bundle is planned, made in slices and finished, and one that fails anywhere for good is marked', () => {
    const definition = definitionOf('Bundle');
    const { PlanBundle, BundleSlices, FinishBundle, GiveUpBundle, BundleFailed } = definition.States;
    expect([definition.StartAt, PlanBundle.Next, BundleSlices.Next]).toEqual([
      ...['PlanBundle', 'BundleSlices', 'FinishBundle'],
    ]);
    expect(BundleSlices).toMatchObject({ ItemsPath: '$.plan.answer.slices', MaxConcurrency: 40, ResultPath: '$.made' });
    for (const state of [PlanBundle, BundleSlices, FinishBundle]) {
      expect(state.Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'GiveUpBundle' }]);
    }
    expect(GiveUpBundle).toMatchObject({ Parameters: { Payload: { step: 'give-up' } }, Next: 'BundleFailed' });
    expect(BundleFailed).toMatchObject({ Type: 'Fail', Error: 'BundleFailed' });
  });

  test('only Publish signs, and a seal that another had begun is followed by one of its own', () => {
    const states = Object.fromEntries(statesOf(definitionOf('Seal')));
    expect(states.Publish.Parameters.FunctionName).toMatch(/^#PublishFunction/);
    expect(states.WasBegunBefore).toMatchObject({ Choices: [{ BooleanEquals: true, Next: 'PlanSeal' }] });
    const signers = resources(app, 'AWS::IAM::Policy')
      .filter(([, { Properties }]) => JSON.stringify(Properties).includes('kms:Sign'))
      .map(([id]) => id);
    expect(signers).toEqual([expect.stringMatching(/^PublishRole/)]);
  });

  test('building the index anew takes a tenant or none, and ends with what each shard did', () => {
    const states = Object.fromEntries(statesOf(definitionOf('Reindex')));
    expect(states.PlanReindex.Parameters.Payload).toEqual({ step: 'plan', 'request.$': '$' });
    expect(states.ReindexChains).toMatchObject({ MaxConcurrency: 8, ItemsPath: '$.plan.answer.shards' });
    expect(states.ReindexChains.ItemSelector).toMatchObject({ step: 'shard', 'tenant.$': '$.plan.answer.tenant' });
    expect(states.ReindexChainsSlice.Parameters.Payload).toMatchObject({ 'step.$': '$.step', 'tenant.$': '$.tenant' });
    expect(states.Reindexed).toEqual({ Type: 'Pass', OutputPath: '$.results', End: true });
  });

  test('a verification ends by its verdict, also when a shard of it failed for good', () => {
    const states = Object.fromEntries(statesOf(definitionOf('Verify')));
    expect(states.VerifyTenantsSlice.Catch).toEqual([
      { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'VerifyTenantsFailed' },
    ]);
    // The cause is a stack: those of four hundred shards would not fit the payload.
    expect(states.VerifyTenantsFailed.Parameters).toEqual({
      ...{ 'shard.$': '$.shard', 'cursor.$': '$.cursor', error: { 'Error.$': '$.error.Error' } },
    });
    expect(states.Intact).toEqual({ Type: 'Succeed' });
    for (const end of ['Altered', 'Missing', 'Truncated', 'Incomplete']) {
      expect(states[end]).toEqual({ Type: 'Fail', Error: end, CausePath: '$.cause' });
    }
  });
});

describe('shards of a seal and of a verification', () => {
  test('are executions of their own, whose histories have room for two days of slices', () => {
    const states = Object.fromEntries(statesOf(definitionOf('Verify')));
    expect(states.VerifyTenants).toMatchObject({
      ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' } },
      ...{ MaxConcurrency: 400, ToleratedFailurePercentage: 100, ItemsPath: '$.plan.answer.shards' },
    });
    const { SealTenants } = Object.fromEntries(statesOf(definitionOf('Seal')));
    expect(SealTenants.ItemProcessor.ProcessorConfig).toEqual({ Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' });
    // What one of them could not seal must not be published as if there were nothing.
    expect(SealTenants.ToleratedFailurePercentage).toBeUndefined();
  });

  test('may be started, and stopped, by their own state machine and nothing else', () => {
    const statements = resources(app, 'AWS::IAM::Policy')
      .filter(([, { Properties }]) => JSON.stringify(Properties).includes('states:RedriveExecution'))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Json[]);
    const own = statements.filter(({ Action }) => [Action].flat().some((one: string) => one.startsWith('states:')));
    const once = [
      'states:DescribeExecution',
      'states:RedriveExecution',
      'states:StartExecution',
      'states:StopExecution',
    ];
    expect(own.flatMap(({ Action }) => Action).toSorted()).toEqual([...once, ...once].toSorted());
    expect(JSON.stringify(own.map(({ Resource }) => Resource))).not.toContain('"*"');
  });

  test('are put together in as many runs as telling every tenant takes', () => {
    const states = Object.fromEntries(statesOf(definitionOf('Verify')));
    expect(states.ConcludeIsDone).toMatchObject({
      Choices: [{ Variable: '$.conclusion.answer.done', BooleanEquals: true, Next: 'Report' }],
      Default: 'ConcludeGoOn',
    });
    expect(states.ConcludeGoOn.Parameters).toMatchObject({ 'cursor.$': '$.conclusion.answer.cursor' });
    expect(states.ConcludeGoOn.Next).toBe('Conclude');
  });
});

describe('schedules', () => {
  const schedules = () => resources(app, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => Properties);

  test('expire, seal, verify, in this order, every day in UTC, and verify everything every week', () => {
    expect(
      schedules().map(({ ScheduleExpression, ScheduleExpressionTimezone }) => [
        ScheduleExpression,
        ScheduleExpressionTimezone,
      ]),
    ).toEqual([
      ['cron(0 1 * * ? *)', 'UTC'],
      ['cron(0 2 * * ? *)', 'UTC'],
      ['cron(0 3 * * ? *)', 'UTC'],
      ['cron(0 4 ? * SUN *)', 'UTC'],
    ]);
    expect(schedules().map(({ Target }) => JSON.parse(Target.Input))).toEqual([
      {},
      {},
      { mode: 'incremental' },
      { mode: 'full' },
    ]);
  });

  test('a start that can not be made is tried for hours and then kept', () => {
    for (const { Target } of schedules()) {
      expect(Target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 21_600, MaximumRetryAttempts: 185 });
      expect(Target.DeadLetterConfig.Arn['Fn::GetAtt'][0]).toMatch(/^WorkflowsUndelivered/);
    }
  });

  test('are configuration', () => {
    const { appTemplate } = synthesize({ schedules: { seal: 'rate(1 hour)', sealDue: 'PT2H' } });
    appTemplate.hasResourceProperties('AWS::Scheduler::Schedule', { ScheduleExpression: 'rate(1 hour)' });
    appTemplate.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { SEAL_DUE_SECONDS: '7200' } },
    });
  });
});
