/** The operations of the Step Functions API that this machine has, each with the resource whose permission it needs. */
import { Refusal } from '../aws/refusal.ts';
import { type Execution, STATUSES } from './execution.ts';
import { arn, type Input, invalid, optionalText, whole } from './input.ts';
import type { Machine, StateMachines } from './machines.ts';

export interface Operation {
  readonly resource: (input: Input) => string;
  readonly run: (input: Input, machines: StateMachines) => Promise<unknown> | unknown;
}

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 1_000;
const EVERYTHING = '*';

const machineArn = (input: Input) => arn(input, 'stateMachineArn', 'stateMachine');
const executionArn = (input: Input) => arn(input, 'executionArn', 'execution');

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  StartExecution: { resource: machineArn, run: startExecution },
  StopExecution: { resource: executionArn, run: stopExecution },
  DescribeExecution: {
    resource: executionArn,
    run: (input, machines) => executionView(machines.execution(executionArn(input))),
  },
  ListExecutions: { resource: machineArn, run: listExecutions },
  DescribeStateMachine: {
    resource: machineArn,
    run: (input, machines) => machineView(machines.machine(machineArn(input))),
  },
  ListStateMachines: { resource: () => EVERYTHING, run: listStateMachines },
};

async function startExecution(input: Input, machines: StateMachines): Promise<unknown> {
  const name = optionalText(input, 'name');
  const request = { machineArn: machineArn(input), input: optionalText(input, 'input') ?? '{}' };
  const execution = await machines.start({ ...request, ...(name !== undefined && { name }) });
  return { executionArn: execution.arn, startDate: seconds(execution.startDate) };
}

async function stopExecution(input: Input, machines: StateMachines): Promise<unknown> {
  const given = { error: optionalText(input, 'error'), cause: optionalText(input, 'cause') };
  const reason = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { stopDate = 0 } = await machines.abort(executionArn(input), reason);
  return { stopDate: seconds(stopDate) };
}

function listExecutions(input: Input, machines: StateMachines): unknown {
  const status = optionalText(input, 'statusFilter');
  if (status !== undefined && !(STATUSES as readonly string[]).includes(status)) {
    throw invalid(`Value at 'statusFilter' must be one of ${STATUSES.join(', ')}`);
  }
  const all = machines.executions(machineArn(input));
  const wanted = all.filter((execution) => status === undefined || execution.status === status);
  return page(wanted, input, 'executions', (execution) => execution.arn, summary);
}

function listStateMachines(input: Input, machines: StateMachines): unknown {
  const view = ({ arn: stateMachineArn, name, createdAt }: Machine) => ({
    stateMachineArn,
    name,
    type: 'STANDARD',
    creationDate: seconds(createdAt),
  });
  return page(machines.all, input, 'stateMachines', (machine) => machine.arn, view);
}

/** A token names the last one of the page before. */
function page<T>(
  all: readonly T[],
  input: Input,
  member: string,
  key: (item: T) => string,
  view: (item: T) => unknown,
): Record<string, unknown> {
  const token = optionalText(input, 'nextToken');
  const last = token === undefined ? -1 : all.findIndex((item) => key(item) === fromToken(token));
  if (token !== undefined && last < 0) throw new Refusal(400, 'InvalidToken', 'Invalid Token');
  const end = last + 1 + (whole(input, 'maxResults', LARGEST_PAGE) || DEFAULT_PAGE);
  const shown = all.slice(last + 1, end);
  const final = shown.at(-1);
  const more = final !== undefined && end < all.length;
  return { [member]: shown.map(view), ...(more && { nextToken: Buffer.from(key(final)).toString('base64url') }) };
}

function fromToken(token: string): string {
  return Buffer.from(token, 'base64url').toString('utf8');
}

function summary({ arn: ownArn, machineArn: stateMachineArn, name, status, startDate, stopDate }: Execution) {
  const stopped = stopDate === undefined ? {} : { stopDate: seconds(stopDate) };
  return { executionArn: ownArn, stateMachineArn, name, status, startDate: seconds(startDate), ...stopped };
}

function executionView(execution: Execution): Record<string, unknown> {
  const { input, output, error, cause } = execution;
  return {
    ...summary(execution),
    input,
    inputDetails: { included: true },
    ...(output !== undefined && { output, outputDetails: { included: true } }),
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause }),
  };
}

function machineView(machine: Machine): Record<string, unknown> {
  const { arn: stateMachineArn, name, definition, roleArn, createdAt, revisionId } = machine;
  const fixed = { status: 'ACTIVE', type: 'STANDARD' };
  return { stateMachineArn, name, definition, roleArn, revisionId, creationDate: seconds(createdAt), ...fixed };
}

/** Timestamps are numbers of seconds in this protocol. */
function seconds(milliseconds: number): number {
  return milliseconds / 1000;
}
