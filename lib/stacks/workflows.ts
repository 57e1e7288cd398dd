// The state machines, their schedules, and who else may start them.
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Choice, Condition, Fail, type IChainable, Pass, Succeed, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { BUNDLE } from '../../names/bundles.ts';
import { EXPIRE } from '../../names/expire.ts';
import { EXPORT } from '../../names/exports.ts';
import { HOLD } from '../../names/hold.ts';
import { REINDEX } from '../../names/index.ts';
import { QUERY } from '../../names/query.ts';
import { ENDS } from '../../names/verify.ts';
import type { StageConfig } from '../config/stage.ts';
import type { Code } from '../constructs/code.ts';
import type { EncryptionKey } from '../constructs/encryption-key.ts';
import { deadLetterQueue } from '../constructs/queue.ts';
import { each, invoke, NO_CURSOR, pollUntilDone, slices, untilDone } from '../constructs/steps.ts';
import { Timer } from '../constructs/timer.ts';
import { Workflow } from '../constructs/workflow.ts';
import { bundleSteps } from './bundling.ts';
import type { Functions } from './functions.ts';

export interface WorkflowsProps {
  readonly config: StageConfig;
  readonly functions: Functions;
  readonly key: EncryptionKey;
  readonly logRetention: RetentionDays;
}

/**
 * Shards of a seal or a verification that are worked on at the same time: less than half of the 1,000 functions that an
 * account may run at the same time by default. Only work for so many is divided so far: a shard has minutes of it.
 */
const SHARDS_AT_ONCE = 400;

/** What putting a verification together is given each time. */
const CONCLUSION = {
  ...{ step: 'conclude', 'id.$': '$.id', 'plan.$': '$.plan', 'results.$': '$.results', 'cursor.$': '$.cursor' },
};

/** A step is never this long; a workflow that is has lost its way. */
const LONGEST = Duration.days(2);

/** A start that could not be made for six hours is missed: the next one comes in a day and does its work too. */
const PATIENCE = Duration.hours(6);

/** The daily work: expire, seal, verify; the sweep that a legal hold begins; and the index, built anew when somebody asks. */
export class Workflows extends Construct {
  readonly seal: Workflow;
  readonly verify: Workflow;
  readonly expire: Workflow;
  readonly sweep: Workflow;
  readonly query: Workflow;
  readonly export: Workflow;
  readonly bundle: Workflow;
  readonly reindex: Workflow;
  /** Starts that EventBridge Scheduler could not make. */
  readonly undelivered: Queue;

  constructor(scope: Construct, id: string, props: WorkflowsProps) {
    super(scope, id);
    const { config, functions, key, logRetention } = props;
    const workflow = (kind: string, definition: IChainable, invokes: readonly Code[], distributed = false) =>
      new Workflow(this, kind, {
        ...{ name: `${config.name}-${kind}`, definition, invokes, distributed },
        ...{ timeout: LONGEST, logKey: key, logRetention },
      });
    this.seal = workflow('Seal', this.#sealing(functions), [functions.seal, functions.publish], true);
    this.verify = workflow('Verify', this.#verifying(functions), [functions.verify], true);
    this.expire = workflow('Expire', this.#expiring(functions), [functions.expire]);
    this.sweep = workflow('Hold', this.#sweeping(functions), [functions.sweep]);
    this.query = workflow(QUERY.stateMachine, this.#querying(functions), [functions.query]);
    this.export = workflow(EXPORT.stateMachine, this.#exporting(functions), [functions.export]);
    this.bundle = workflow(BUNDLE.stateMachine, bundleSteps(this, functions.bundle), [functions.bundle]);
    this.reindex = workflow(REINDEX.machine, this.#reindexing(functions), [functions.reindex]);
    this.undelivered = deadLetterQueue(this, 'Undelivered', key);
    for (const code of [functions.holds, functions.expire]) grantStart(code, this.sweep, HOLD.sweepMachineEnv);
    grantStart(functions.queries, this.query, QUERY.machineEnv);
    grantStart(functions.exports, this.export, EXPORT.machineEnv);
    grantStart(functions.bundles, this.bundle, BUNDLE.machineEnv);
    this.#schedule(config, key);
  }

  #sealing({ seal, publish }: Functions): IChainable {
    const plan = invoke(this, 'PlanSeal', seal, { step: 'plan' }, 'plan');
    const chains = slices(this, 'SealChains', 'chains', {
      code: seal,
      items: '$.plan.answer.chains',
      payload: {
        step: 'chains',
        'seal.$': '$.plan.answer.seal',
        'plan.$': '$.plan.answer.plan',
        'shards.$': '$.plan.answer.chains',
      },
      concurrency: SHARDS_AT_ONCE,
      distributed: true,
    });
    const tenants = slices(this, 'SealTenants', 'shards', {
      code: seal,
      items: '$.plan.answer.shards',
      payload: {
        step: 'shard',
        'seal.$': '$.plan.answer.seal',
        'plan.$': '$.plan.answer.plan',
        'shards.$': '$.plan.answer.shards',
        'chains.$': '$.chains',
      },
      concurrency: SHARDS_AT_ONCE,
      distributed: true,
    });
    const sign = invoke(
      this,
      'Publish',
      publish,
      { 'seal.$': '$.plan.answer.seal', 'plan.$': '$.plan.answer.plan', 'results.$': '$.shards[*].result' },
      'published',
    );
    const sealed = new Pass(this, 'Sealed', { outputPath: '$.published.answer' });
    // What somebody else had begun is finished, but it is as old as its plan: what came since is sealed too.
    const again = new Choice(this, 'WasBegunBefore')
      .when(Condition.booleanEquals('$.plan.answer.adopted', true), plan)
      .otherwise(sealed);
    const nothing = new Pass(this, 'NothingToSeal', { outputPath: '$.plan.answer' });
    return plan.next(
      new Choice(this, 'IsAnythingThere')
        .when(Condition.isPresent('$.plan.answer.nothing'), nothing)
        .otherwise(chains.next(tenants).next(sign).next(again)),
    );
  }

  #verifying({ verify }: Functions): IChainable {
    const plan = invoke(
      this,
      'PlanVerification',
      verify,
      { step: 'plan', 'request.$': '$', 'execution.$': '$$.Execution.Name', 'startedAt.$': '$$.Execution.StartTime' },
      'plan',
    );
    const tenants = slices(this, 'VerifyTenants', 'results', {
      code: verify,
      items: '$.plan.answer.shards',
      payload: { step: 'shard', 'id.$': '$.plan.answer.id', 'plan.$': '$.plan.answer.plan' },
      concurrency: SHARDS_AT_ONCE,
      tolerant: true,
      distributed: true,
    });
    const concluding = new Pass(this, 'Concluding', {
      parameters: {
        ...{ step: 'conclude', 'id.$': '$.plan.answer.id', 'plan.$': '$.plan.answer.plan' },
        ...{ 'results.$': '$.results', 'cursor.$': NO_CURSOR },
      },
    });
    const conclude = invoke(this, 'Conclude', verify, CONCLUSION, 'conclusion');
    const goOn = new Pass(this, 'ConcludeGoOn', {
      parameters: { ...CONCLUSION, 'cursor.$': '$.conclusion.answer.cursor' },
    });
    const report = new Pass(this, 'Report', { outputPath: '$.conclusion.answer' });
    const verdict = new Choice(this, 'Verdict').when(
      Condition.stringEquals('$.verdict', 'intact'),
      new Succeed(this, 'Intact'),
    );
    for (const [word, end] of Object.entries(ENDS)) {
      verdict.when(
        Condition.stringEquals('$.verdict', word),
        new Fail(this, end, { error: end, causePath: '$.cause' }),
      );
    }
    conclude.next(
      new Choice(this, 'ConcludeIsDone')
        .when(Condition.booleanEquals('$.conclusion.answer.done', true), report.next(verdict))
        .otherwise(goOn.next(conclude)),
    );
    return plan.next(tenants).next(concluding).next(conclude);
  }

  #expiring({ expire }: Functions): IChainable {
    return invoke(this, 'PlanExpiry', expire, { step: 'plan', 'input.$': '$' }, 'plan').next(
      each(this, 'ExpireCategories', {
        items: '$.plan.answer.tasks',
        concurrency: EXPIRE.concurrency,
        first: untilDone(this, 'ExpireCategory', expire),
      }),
    );
  }

  #sweeping({ sweep }: Functions): IChainable {
    return new Wait(this, 'Settle', { time: WaitTime.duration(Duration.seconds(HOLD.settleSeconds)) }).next(
      untilDone(this, 'Sweep', sweep),
    );
  }

  #reindexing({ reindex }: Functions): IChainable {
    const chains = slices(this, 'ReindexChains', 'results', {
      code: reindex,
      items: '$.plan.answer.shards',
      payload: { step: 'shard', 'tenant.$': '$.plan.answer.tenant', 'shards.$': '$.plan.answer.shards' },
      concurrency: REINDEX.shards,
    });
    return invoke(this, 'PlanReindex', reindex, { step: 'plan', 'request.$': '$' }, 'plan')
      .next(chains)
      .next(new Pass(this, 'Reindexed', { outputPath: '$.results' }));
  }

  #exporting({ export: worker }: Functions): IChainable {
    const gaveUp = new Fail(this, 'ExportFailed', { error: 'ExportFailed', cause: 'The job is marked as failed.' });
    const mark = { 'tenant.$': '$.tenant', 'id.$': '$.id', gaveUp: true };
    const end = invoke(this, 'GiveUpExport', worker, mark, 'end').next(gaveUp);
    return pollUntilDone(this, 'ExportFile', worker, end);
  }

  #querying({ query }: Functions): IChainable {
    const gaveUp = new Fail(this, 'QueryFailed', { error: 'QueryFailed', cause: 'The job is marked as failed.' });
    const mark = { 'tenant.$': '$.tenant', 'id.$': '$.id', gaveUp: true };
    return pollUntilDone(this, 'Search', query, invoke(this, 'GiveUp', query, mark, 'end').next(gaveUp));
  }

  #schedule({ schedules }: StageConfig, key: EncryptionKey): void {
    const timer = (id: string, workflow: Workflow, schedule: string, description: string, input: object = {}) =>
      new Timer(this, id, {
        ...{
          workflow,
          schedule,
          description,
          input: { ...input },
          undelivered: this.undelivered,
          patience: PATIENCE,
          key,
        },
      });
    timer('ExpireDaily', this.expire, schedules.expire, 'Indelible: what is past its retention expires');
    timer('SealDaily', this.seal, schedules.seal, 'Indelible: the day is sealed');
    timer('VerifyDaily', this.verify, schedules.verify, 'Indelible: what is new is verified', { mode: 'incremental' });
    timer('VerifyWeekly', this.verify, schedules.verifyFully, 'Indelible: everything is verified', { mode: 'full' });
  }
}

/** What a function may start, and where it finds it. */
function grantStart(code: Code, { machine: { stateMachineArn } }: Workflow, env: string): void {
  code.configure(env, stateMachineArn);
  code.allow({ actions: ['states:StartExecution'], resources: [stateMachineArn] });
}
