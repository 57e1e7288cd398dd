/** A runtime with state machines, whose functions are stand-ins, and whose API is asked as its endpoint asks it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Access } from '../../../../local/aws/iam/access.ts';
import { parsePolicy } from '../../../../local/aws/iam/document.ts';
import { IAM } from '../../../../local/aws/iam/service.ts';
import { Refusal } from '../../../../local/aws/refusal.ts';
import type { AwsRequest, LocalService } from '../../../../local/aws/service.ts';
import { systemClock } from '../../../../local/clock.ts';
import { FUNCTIONS, type Functions } from '../../../../local/lambda/registry.ts';
import { openLogFiles } from '../../../../local/observability/files.ts';
import { METRICS, Metrics } from '../../../../local/observability/metrics.ts';
import { LOG_FILES } from '../../../../local/observability/provisioners.ts';
import { ACCOUNT, createRuntime, REGION, type Runtime } from '../../../../local/runtime.ts';
import { stepFunctionsProvisioners } from '../../../../local/stepfunctions/provisioners.ts';
import {
  type Clock,
  type Properties,
  type Provisioned,
  type Provisioner,
  ROLES,
} from '../../../../local/template/provisioner.ts';

/** What a function returns is its result; what it throws is a function error, or InvokeRefused. */
type Handler = (event: never) => unknown;

export const LAMBDA = 'arn:aws:states:::lambda:invoke';
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/Machine`;

export function functionArn(name: string): string {
  return `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}`;
}

/** A Task state that invokes a function with its input, and passes on what it returned. */
export function task(name: string, more: Readonly<Record<string, unknown>> = { End: true }): Record<string, unknown> {
  return { Type: 'Task', Resource: functionArn(name), ...more };
}

export function policy(actions: readonly string[], resource = '*') {
  const statement = { Effect: 'Allow', Action: actions, Resource: resource };
  return parsePolicy({ Version: '2012-10-17', Statement: [statement] }, 'identity');
}

export interface Bench {
  readonly runtime: Runtime;
  readonly access: Access;
  readonly dataDir: string;
  readonly shown: string[];
  readonly metrics: [string, number][];
  readonly functions: Map<string, Handler>;
  provision(provisioner: Provisioner | undefined, properties: Properties, logicalId?: string): Promise<Provisioned>;
  /** Provisions a machine and answers its ARN. */
  machine(states: object, more?: Properties): Promise<string>;
  /** Answers the body; throws Refusal or AccessDenied. */
  ask<T = Record<string, unknown>>(operation: string, input: object, accessKeyId?: string): Promise<T>;
  /** Starts an execution and answers it once it has ended. */
  run(machineArn: string, input?: unknown, name?: string): Promise<Record<string, unknown>>;
  ended(executionArn: string): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'indelible-states-'));
}

export async function bench(options: { dataDir?: string; clock?: Clock } = {}): Promise<Bench> {
  const dataDir = options.dataDir ?? temporaryFolder();
  const shown: string[] = [];
  const services = new Map<string, LocalService>();
  const logs = openLogFiles(join(dataDir, 'logs'));
  const runtime = createRuntime({
    ...{ dataDir, logs, awsEndpoint: 'http://127.0.0.1:1', clock: options.clock ?? systemClock },
    serve: (service) => services.set(service.name, service),
    show: (line) => shown.push(line),
  });
  const { context } = runtime;
  const access = new Access({ region: REGION, account: ACCOUNT, now: Date.now });
  access.roles.add('Machine', '/', policy(['lambda:InvokeFunction', 'states:StartExecution', 'sns:Publish']));
  for (const name of ['sns', 'sqs']) access.policiesOf(name, (arn) => services.get(name)?.resourcePolicy?.(arn));
  const metrics: [string, number][] = [];
  const metricLines = new Metrics(logs.open('metrics.ndjson'));
  metricLines.onDatum(({ namespace, name, value }) => metrics.push([`${namespace} ${name}`, value]));
  const functions = new Map<string, Handler>();
  context.provide(IAM, access);
  context.provide(ROLES, access.roles);
  context.provide(LOG_FILES, logs);
  context.provide(METRICS, metricLines);
  context.provide(FUNCTIONS, standIns(functions));

  const provision: Bench['provision'] = async (provisioner, properties, logicalId = 'Thing') => {
    if (!provisioner) throw new Error('there is no such provisioner');
    const resource = { stack: 'Test', logicalId, kind: provisioner.kind, metadata: {} };
    return provisioner.provision(logicalId, properties, {
      ...context,
      resource,
      physicalName: () => `Test-${logicalId}`,
    });
  };
  const ask: Bench['ask'] = async <T>(operation: string, input: object, accessKeyId = 'admin') => {
    const service = services.get('states') as LocalService;
    const request = requestOf(operation, input, accessKeyId);
    for (const required of service.actions(request)) access.demand(accessKeyId, required);
    const { status, body } = await service.handle(request);
    const value = JSON.parse(String(body)) as Record<string, string>;
    if (status !== 200) throw new Refusal(status, String(value.__type), String(value.message));
    return value as T;
  };
  const ended = async (executionArn: string) => {
    for (;;) {
      const execution = await ask('DescribeExecution', { executionArn });
      if (execution.status !== 'RUNNING') return execution;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  return {
    ...{ runtime, access, dataDir, shown, metrics, functions, provision, ask, ended },
    machine: async (definition, more = {}) => {
      const [provisioner] = stepFunctionsProvisioners;
      const DefinitionString = JSON.stringify(definition);
      return (await provision(provisioner, { DefinitionString, RoleArn: ROLE, ...more }, 'Machine')).ref;
    },
    run: async (stateMachineArn, input = {}, name) => {
      const started = await ask('StartExecution', { stateMachineArn, input: JSON.stringify(input), name });
      return ended(String(started.executionArn));
    },
    close: async () => {
      await runtime.stop();
      logs.close();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true });
    },
  };
}

function requestOf(operation: string, input: object, accessKeyId: string): AwsRequest {
  return {
    ...{ service: 'states', region: REGION, accessKeyId, method: 'POST', path: '/', query: new URLSearchParams() },
    headers: { 'x-amz-target': `AWSStepFunctions.${operation}`, 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify(input)),
  };
}

function standIns(functions: ReadonlyMap<string, Handler>): Functions {
  const invoke = async (arn: string, payload: string, options: { async?: boolean } = {}) => {
    const handler = functions.get(arn.split(':')[6] ?? '');
    if (!handler) throw new Error(`there is no function ${arn}`);
    const answer = { statusCode: options.async ? 202 : 200, requestId: 'request' };
    try {
      const value = (await handler(JSON.parse(payload) as never)) ?? null;
      return { ...answer, payload: options.async ? '' : JSON.stringify(value) };
    } catch (error) {
      const { name, message } = error as Error;
      if (name === 'InvokeRefused') throw error;
      const payload = JSON.stringify({ errorType: name, errorMessage: message, trace: [] });
      return { ...answer, functionError: 'Unhandled', payload };
    }
  };
  return { invoke } as unknown as Functions;
}
