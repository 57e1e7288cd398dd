/** Reading a definition: what AWS would refuse, and what would not run here, stops the start with the name of the state. */
import { type Flow, innerFlows, mapExpressions, type State } from './language.ts';
import { checkResource } from './resources.ts';
import { validateOnce } from './validated.ts';

const FLOW_FIELDS = ['Comment', 'QueryLanguage', 'StartAt', 'States'];
const MACHINE_FIELDS = [...FLOW_FIELDS, 'TimeoutSeconds', 'Version'];
const ITEM_FIELDS = [...FLOW_FIELDS, 'ProcessorConfig'];

const EVERY_STATE = ['Comment', 'InputPath', 'OutputPath', 'QueryLanguage', 'Type'];
const FOLLOWED = [...EVERY_STATE, 'End', 'Next'];
const WORKING = [...FOLLOWED, 'Catch', 'Parameters', 'ResultPath', 'ResultSelector', 'Retry'];

const STATE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pass: [...FOLLOWED, 'Parameters', 'Result', 'ResultPath'],
  Task: [...WORKING, 'Resource', 'TimeoutSeconds', 'TimeoutSecondsPath'],
  Choice: [...EVERY_STATE, 'Choices', 'Default'],
  Wait: [...FOLLOWED, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Succeed: EVERY_STATE,
  Fail: [...EVERY_STATE, 'Cause', 'CausePath', 'Error', 'ErrorPath'],
  Parallel: [...WORKING, 'Branches'],
  Map: [
    ...WORKING,
    ...['ItemProcessor', 'ItemSelector', 'ItemsPath', 'Iterator', 'MaxConcurrency', 'MaxConcurrencyPath'],
    ...['Label', 'ToleratedFailurePercentage'],
  ],
};

/** Node's timers hold no more than this, and so do waits and time-outs here: 24 days. */
export const LONGEST_SECONDS = 2_147_483;

const CONTEXT =
  /^\$\$\.(Execution\.(Id|Input|Name|RoleArn|StartTime)|StateMachine\.(Id|Name)|Map\.Item\.(Index|Value))(?![A-Za-z])/;
/** The interpreter writes nothing else where a result goes. */
const RESULT_PATH = /^\$(\.[\w-]+(\[\d+\])*)*$/;

export function readDefinition(text: string): Flow {
  let definition: Flow;
  try {
    definition = JSON.parse(text) as Flow;
  } catch {
    throw new Error('DefinitionString is not JSON');
  }
  onlyFields(definition, MACHINE_FIELDS, 'the definition');
  validateOnce(definition, text);
  checkFlow(definition);
  return definition;
}

function checkFlow(flow: Flow): void {
  for (const [name, state] of Object.entries(flow.States)) {
    try {
      checkState(state);
    } catch (cause) {
      throw new Error(`state ${name}: ${cause instanceof Error ? cause.message : cause}`);
    }
    for (const inner of innerFlows(state)) {
      onlyFields(inner, state.Type === 'Map' ? ITEM_FIELDS : FLOW_FIELDS, `a flow of state ${name}`);
      checkFlow(inner);
    }
  }
}

function checkState(state: State): void {
  onlyFields(state, STATE_FIELDS[state.Type] ?? [], `a ${state.Type} state`);
  mapExpressions(state, checkExpression);
  for (const place of [state, ...(state.Catch ?? [])]) checkResultPath(place.ResultPath);
  if (Number(state.Seconds ?? 0) > LONGEST_SECONDS) throw new Error(`Seconds is over ${LONGEST_SECONDS}`);
  for (const field of ['ErrorPath', 'CausePath']) {
    if (String(state[field]).startsWith('States.')) throw new Error(`${field} takes no intrinsic function here`);
  }
  if (state.Type === 'Task') checkResource(String(state.Resource), state.Parameters);
  const config = (state.ItemProcessor as { ProcessorConfig?: Record<string, string> } | undefined)?.ProcessorConfig;
  const { Mode: mode = 'INLINE', ExecutionType: type = 'STANDARD' } = config ?? {};
  // What distributed maps add, executions of their own, is about quotas that nothing has here.
  if (mode !== 'INLINE' && mode !== 'DISTRIBUTED') throw new Error(`ProcessorConfig.Mode ${mode} does not run here`);
  if (type !== 'STANDARD') throw new Error(`ProcessorConfig.ExecutionType ${type} does not run here`);
  checkTolerance(state, mode);
}

/** Failed items that don't fail the map: here none is tolerated, so the definition has to catch what may fail. */
function checkTolerance({ ToleratedFailurePercentage: percentage }: State, mode: string): void {
  if (percentage !== undefined && mode !== 'DISTRIBUTED') throw new Error('only distributed maps tolerate failures');
}

function onlyFields(value: Readonly<Record<string, unknown>>, known: readonly string[], place: string): void {
  const unknown = Object.keys(value).filter((field) => !known.includes(field));
  if (unknown.length > 0) throw new Error(`the local runtime does not implement ${unknown.join(', ')} of ${place}`);
  const language = value.QueryLanguage ?? 'JSONPath';
  if (language !== 'JSONPath') throw new Error(`QueryLanguage ${language} does not run here`);
}

function checkExpression(expression: string): string {
  // The interpreter drops backslashes from whatever an intrinsic function answers, which leaves no JSON of escaped text.
  if (expression.includes('States.JsonToString')) throw new Error('States.JsonToString does not run here');
  for (const [reference] of expression.matchAll(/\$\$[^\s,)]*/g)) {
    if (!CONTEXT.test(reference)) throw new Error(`the context has no ${reference} here`);
  }
  return expression;
}

function checkResultPath(path: unknown): void {
  if (typeof path === 'string' && !RESULT_PATH.test(path)) throw new Error(`ResultPath ${path} does not run here`);
}
