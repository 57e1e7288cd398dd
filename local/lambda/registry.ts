/** Every function of the template by name and ARN, who may invoke it, and how its asynchronous events are treated. */
import { randomUUID } from 'node:crypto';
import {
  type Delivery,
  type InvokeOptions,
  InvokeRefused,
  type InvokeResult,
  type Invoker,
  type RuntimeContext,
  serviceKey,
} from '../template/provisioner.ts';
import type { LambdaFunction } from './function.ts';
import { ACCOUNT_CONCURRENCY, ASYNC_PAYLOAD_BYTES, SYNC_PAYLOAD_BYTES } from './limits.ts';
import { AsyncQueue, type AsyncTarget, type EventInvokeConfig } from './queue.ts';

export interface Permission {
  readonly principal: string;
  readonly action: string;
  /** With wildcards, as ArnLike. */
  readonly sourceArn?: string;
}

interface Entry {
  readonly lambda: LambdaFunction;
  readonly permissions: Permission[];
  config: EventInvokeConfig;
}

export class Functions {
  readonly #entries = new Map<string, Entry>();
  readonly #names = new Map<string, string>();
  #queue: AsyncQueue | undefined;

  /** The queue's journal is read, but nothing runs before `resume`. */
  async open(path: string, runtime: RuntimeContext): Promise<void> {
    this.#queue = await AsyncQueue.open(path, runtime, (arn) => this.#asyncTarget(arn));
  }

  resume(): void {
    this.#queue?.resume();
  }

  add(lambda: LambdaFunction): void {
    const { arn, settings } = lambda.definition;
    this.#entries.set(arn, { lambda, permissions: [], config: {} });
    this.#names.set(settings.functionName, arn);
  }

  /** Another ARN of the same function: a version or an alias. */
  alias(arn: string, functionName: string): void {
    this.#names.set(arn, this.#arnOf(functionName));
  }

  permit(functionName: string, permission: Permission): void {
    this.#entry(functionName).permissions.push(permission);
  }

  configure(functionName: string, config: EventInvokeConfig): void {
    this.#entry(functionName).config = config;
  }

  /** The function behind a name or an ARN. */
  find(functionName: string): LambdaFunction {
    return this.#entry(functionName).lambda;
  }

  get all(): readonly LambdaFunction[] {
    return [...this.#entries.values()].map(({ lambda }) => lambda);
  }

  async invoke(functionName: string, payload: string, options: InvokeOptions = {}): Promise<InvokeResult> {
    const { lambda, permissions } = this.#entry(functionName);
    if (options.by && !permissions.some((permission) => allows(permission, options.by as Invoker))) {
      const message = `The resource policy of ${lambda.definition.arn} does not let ${options.by.principal} invoke it for ${options.by.sourceArn}.`;
      throw new InvokeRefused('AccessDeniedException', 403, message);
    }
    const limit = options.async ? ASYNC_PAYLOAD_BYTES : SYNC_PAYLOAD_BYTES;
    const size = Buffer.byteLength(payload);
    if (size > limit) {
      const message = `${size} byte payload is too large for the ${options.async ? 'Event' : 'RequestResponse'} invocation type (limit ${limit} bytes)`;
      throw new InvokeRefused('RequestTooLargeException', 413, message);
    }
    const requestId = randomUUID();
    if (!options.async) return this.#run(lambda, requestId, payload);
    if (!this.#queue) throw new Error('The queue of asynchronous invocations is not open.');
    await this.#queue.accept(lambda.definition.arn, requestId, payload);
    return { statusCode: 202, payload: '', requestId };
  }

  async deliver({ targetArn, body, by }: Delivery): Promise<void> {
    await this.invoke(targetArn, body, { async: true, by });
  }

  async close(): Promise<void> {
    await this.#queue?.close();
    await Promise.all(this.all.map((lambda) => lambda.close()));
  }

  #run(lambda: LambdaFunction, requestId: string, payload: string): Promise<InvokeResult> {
    const reserved = this.all.reduce((sum, { definition }) => sum + (definition.reservedConcurrency ?? 0), 0);
    const unreserved = this.all.reduce((sum, each) => sum + (shares(each) ? each.running : 0), 0);
    if (shares(lambda) && unreserved >= ACCOUNT_CONCURRENCY - reserved) lambda.throttle(requestId);
    return lambda.invoke(requestId, payload);
  }

  #asyncTarget(arn: string): AsyncTarget | undefined {
    const entry = this.#entries.get(arn);
    if (!entry) return undefined;
    const { deadLetterArn } = entry.lambda.definition;
    return {
      invoke: async (requestId, payload) => this.#run(entry.lambda, requestId, payload),
      config: entry.config,
      ...(deadLetterArn === undefined ? {} : { deadLetterArn }),
    };
  }

  #entry(functionName: string): Entry {
    const entry = this.#entries.get(this.#arnOf(functionName));
    if (!entry) throw new InvokeRefused('ResourceNotFoundException', 404, `Function not found: ${functionName}`);
    return entry;
  }

  #arnOf(functionName: string): string {
    return this.#names.get(functionName) ?? functionName.replace(/:\$LATEST$/, '');
  }
}

function shares(lambda: LambdaFunction): boolean {
  return lambda.definition.reservedConcurrency === undefined;
}

function allows(permission: Permission, by: Invoker): boolean {
  const action = permission.action === 'lambda:InvokeFunction' || permission.action === 'lambda:*';
  if (!action || (permission.principal !== by.principal && permission.principal !== '*')) return false;
  return permission.sourceArn === undefined || like(permission.sourceArn, by.sourceArn);
}

function like(pattern: string, value: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(value);
}

export const FUNCTIONS = serviceKey<Functions>('Lambda functions');
