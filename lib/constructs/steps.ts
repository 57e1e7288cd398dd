/** The building blocks of this app's state machines. Every step may be repeated: the functions see to that. */
import {
  Choice,
  Condition,
  CustomState,
  DistributedMap,
  type IChainable,
  Map as MapState,
  Pass,
  type State,
  StateMachineType,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Code } from './code.ts';

/** Longer than any function may run: an invocation whose answer is lost must not be waited for all day. */
const TASK_SECONDS = 910;

/** Lambda itself is busy or broken; AWS's advice is to try again, spread out. */
const SERVICE_FAULTS = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

const RETRY = [
  {
    ErrorEquals: SERVICE_FAULTS,
    IntervalSeconds: 2,
    MaxAttempts: 8,
    BackoffRate: 2,
    MaxDelaySeconds: 120,
    JitterStrategy: 'FULL',
  },
  // Whatever the function's own dependencies do to it; it begins again where its writes have brought it.
  {
    ErrorEquals: ['States.TaskFailed', 'States.Timeout'],
    IntervalSeconds: 5,
    MaxAttempts: 3,
    BackoffRate: 4,
    JitterStrategy: 'FULL',
  },
];

/** What a step gives its function: literal values, and JSONPaths under names that end in `.$`. */
export type Payload = Readonly<Record<string, unknown>>;

/** Invokes a function. Its answer is then at `$.<place>.answer`, beside what was there before. */
export function invoke(scope: Construct, id: string, code: Code, payload: Payload, place: string): CustomState {
  return task(scope, id, code, {
    Payload: payload,
    output: { ResultSelector: { 'answer.$': '$.Payload' }, ResultPath: `$.${place}` },
  });
}

interface Task {
  readonly Payload?: Payload;
  readonly 'Payload.$'?: string;
  readonly output: Readonly<Record<string, unknown>>;
}

function task(scope: Construct, id: string, code: Code, { output, ...payload }: Task): CustomState {
  return new CustomState(scope, id, {
    stateJson: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: code.function.functionArn, ...payload },
      ...output,
      TimeoutSeconds: TASK_SECONDS,
      Retry: RETRY,
    },
  });
}

/** Gives a function the state, and its own answer again, until that says `done`: work without an end that a run could have. */
export function untilDone(scope: Construct, id: string, code: Code): CustomState {
  const again = task(scope, id, code, { 'Payload.$': '$', output: { OutputPath: '$.Payload' } });
  again.next(
    new Choice(scope, `${id}IsDone`)
      .when(Condition.booleanEquals('$.done', true), new Pass(scope, `${id}Finished`))
      .otherwise(again),
  );
  return again;
}

/**
 * As `untilDone`, where a run that is not done says in `waitSeconds` when to look again. A run that fails for good is handed to
 * `gaveUp`, with the state as it was and the failure at `$.error`.
 */
export function pollUntilDone(scope: Construct, id: string, code: Code, gaveUp: IChainable): CustomState {
  const look = task(scope, id, code, { 'Payload.$': '$', output: { OutputPath: '$.Payload' } });
  look.addCatch(gaveUp, { errors: ['States.ALL'], resultPath: '$.error' });
  const pause = new Wait(scope, `${id}Pause`, { time: WaitTime.secondsPath('$.waitSeconds') });
  look.next(
    new Choice(scope, `${id}IsDone`)
      .when(Condition.booleanEquals('$.done', true), new Pass(scope, `${id}Finished`))
      .otherwise(pause.next(look)),
  );
  return look;
}

/** CDK drops members that are null, and a path to a member that is not there stops the execution. */
export const NO_CURSOR = "States.StringToJson('null')";

export interface Slices {
  readonly code: Code;
  /** JSONPath of the list whose items the shards are. */
  readonly items: string;
  /** What a slice gets beside its `shard` and its `cursor`, from the state before the map. */
  readonly payload: Payload;
  readonly concurrency: number;
  /** Shards that fail for good don't stop the others: their end then has an `error`. */
  readonly tolerant?: boolean;
  /**
   * Every shard is an execution of its own, with a history of its own: in one execution they share 25,000 events, which are
   * some 2,000 slices, and 40 of them run at the same time. All ends together have to fit 256 KB.
   */
  readonly distributed?: boolean;
}

/**
 * Runs a function for every shard, each as often as it takes: an answer that is not `done` has a `cursor`, with which the
 * function is asked to go on. No function may run for longer than a quarter of an hour; a chain may be as long as it likes.
 * The last answers are then the list at `$.<place>`.
 */
export function slices(scope: Construct, id: string, place: string, props: Slices): MapState | DistributedMap {
  const { code, items, payload, concurrency, tolerant = false, distributed = false } = props;
  const names = [...Object.keys(payload).map((name) => name.replace(/\.\$$/, '')), 'shard'];
  const kept = Object.fromEntries(names.map((name) => [`${name}.$`, `$.${name}`]));
  const slice = invoke(scope, `${id}Slice`, code, { ...kept, 'cursor.$': '$.cursor' }, 'slice');
  const goOn = new Pass(scope, `${id}GoOn`, { parameters: { ...kept, 'cursor.$': '$.slice.answer.cursor' } });
  const finished = new Pass(scope, `${id}Finished`, { outputPath: '$.slice.answer' });
  if (tolerant) slice.addCatch(failedShard(scope, `${id}Failed`), { errors: ['States.ALL'], resultPath: '$.error' });
  slice.next(
    new Choice(scope, `${id}IsDone`)
      .when(Condition.booleanEquals('$.slice.answer.done', true), finished)
      .otherwise(goOn.next(slice)),
  );
  return each(scope, id, {
    items,
    concurrency,
    ...{ distributed, tolerant },
    first: slice,
    place,
    selector: { ...payload, 'shard.$': '$$.Map.Item.Value', 'cursor.$': NO_CURSOR },
  });
}

/** Which shard, where it was, and which error: its cause is a stack, and those of all shards would not fit. */
function failedShard(scope: Construct, id: string): Pass {
  return new Pass(scope, id, {
    parameters: { 'shard.$': '$.shard', 'cursor.$': '$.cursor', error: { 'Error.$': '$.error.Error' } },
  });
}

export interface Each {
  readonly items: string;
  readonly concurrency: number;
  /** Each item is an execution of its own, and where they are `tolerant` one that fails does not stop the others. */
  readonly distributed?: boolean;
  readonly tolerant?: boolean;
  readonly first: State;
  /** Where the results go; without one they replace the state. */
  readonly place?: string;
  readonly selector?: Payload;
}

export function each(scope: Construct, id: string, props: Each): MapState | DistributedMap {
  const { items, concurrency, first, place, selector, distributed = false, tolerant = false } = props;
  const common = {
    itemsPath: items,
    ...(selector === undefined ? {} : { itemSelector: { ...selector } }),
    maxConcurrency: concurrency,
    ...(place === undefined ? {} : { resultPath: `$.${place}` }),
  };
  const map = distributed
    ? new DistributedMap(scope, id, {
        ...common,
        mapExecutionType: StateMachineType.STANDARD,
        ...(tolerant ? { toleratedFailurePercentage: 100 } : {}),
      })
    : new MapState(scope, id, common);
  map.itemProcessor(first);
  return map;
}
