/**
 * What the local runtime asks of each resource kind: a `Provisioner` turns one resource of the synthesized template
 * into something that runs on this machine. The engine resolves intrinsics and orders resources; a provisioner gets
 * plain values and never sees a template.
 *
 * Life of a start:
 *   1. provision(), one resource after another, in dependency order across all stacks;
 *   2. the AWS endpoint listens;
 *   3. every `onStart` hook, in the order of registration (event source mappings, schedules: whatever invokes);
 *   4. the HTTP API listens, and the runtime says that it is ready.
 * Life of a stop: the HTTP API finishes what it has accepted, then the `onStop` hooks by phase (see StopPhase).
 */
import type { LocalService } from '../aws/service.ts';

/** One resource as the template declares it, all intrinsics resolved. */
export interface Resource {
  readonly stack: string;
  readonly logicalId: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What `Ref` and `Fn::GetAtt` answer for a resource from now on. Nested attributes are keyed by their dotted name. */
export interface Provisioned {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface Provisioner {
  /** A CloudFormation kind such as `AWS::DynamoDB::Table`. */
  readonly kind: string;
  /**
   * Creates the resource, or brings what an earlier start left in the data directory in line with `properties`.
   * Called once a start for each resource. It must be idempotent, keep data, and throw (never warn) when a property asks for
   * something that this machine would not do: the message names the property.
   */
  provision(logicalId: string, properties: Properties, context: ResourceContext): Promise<Provisioned>;
}

export type Properties = Readonly<Record<string, unknown>>;

/** Time as the runtime sees it; everything that waits or stamps goes through it, so that tests can own it. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. It never rejects and never keeps the process alive alone. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Names something that one part provides and others use; compare by identity, so export it from the provider's folder. */
export interface ServiceKey<T> {
  readonly name: string;
  /** Never set; it carries the type. */
  readonly type?: T;
}

export function serviceKey<T>(name: string): ServiceKey<T> {
  return { name };
}

/** Who invokes. Without it no resource policy is asked, as with event source mappings (which use the function's role). */
export interface Invoker {
  /** For example `events.amazonaws.com`; checked against the template's AWS::Lambda::Permission. */
  readonly principal: string;
  readonly sourceArn: string;
}

export interface InvokeOptions {
  /**
   * True queues the event: the promise resolves once it is on disk (fsync), and the runtime delivers it at least once, with
   * the retries and destination of the function's EventInvokeConfig, over restarts and SIGKILL too.
   */
  readonly async?: boolean;
  readonly by?: Invoker;
}

export interface InvokeResult {
  /** 200, or 202 for an asynchronous invocation. */
  readonly statusCode: number;
  /** Set when the handler failed; the payload is then Lambda's `{errorType, errorMessage, trace}`. */
  readonly functionError?: 'Unhandled';
  /** The JSON text that the handler returned (`null` for undefined); empty for an asynchronous invocation. */
  readonly payload: string;
  readonly requestId: string;
}

/** Invocation refused before any code ran; `code` is Lambda's exception name, such as `TooManyRequestsException`. */
export class InvokeRefused extends Error {
  override readonly name = 'InvokeRefused';
  readonly code: string;
  readonly statusCode: number;
  constructor(code: string, statusCode: number, message: string) {
    super(message);
    this.code = code;
    this.statusCode = statusCode;
  }
}

/** Sends one message to a target of this service; resolves once the target has it durably, rejects otherwise. */
export type Deliver = (message: Delivery) => Promise<void>;

export interface Delivery {
  readonly targetArn: string;
  /** The body: an SQS message body, an SNS message, a Lambda event, an EventBridge event's JSON. */
  readonly body: string;
  /** String attributes for SQS and SNS messages. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** For FIFO queues. */
  readonly groupId?: string;
  /** The service on whose behalf it is sent and its resource, for resource policies. */
  readonly by: Invoker;
}

/**
 * `sources` stop making invocations (pollers, schedules, rules) and await their own in-flight work; `compute` finishes what is
 * invoked; `services` close stores and processes. Within a phase, hooks run in reverse order of registration.
 */
export type StopPhase = 'sources' | 'compute' | 'services';

export interface RuntimeContext {
  readonly region: string;
  readonly account: string;
  /** Absolute path of INDELIBLE_DATA; each part writes below its own folder only (`s3`, `dynamodb`, `lambda`, …). */
  readonly dataDir: string;
  /** http://127.0.0.1:AWS_PORT, also what handlers get as AWS_ENDPOINT_URL. */
  readonly awsEndpoint: string;
  readonly clock: Clock;
  /** One line to the runtime's own log (data directory, `logs/runtime.ndjson`); failures that someone must see use `warn`. */
  log(part: string, message: string, fields?: Readonly<Record<string, unknown>>): void;
  /** As `log`, and on the terminal. */
  warn(part: string, message: string, fields?: Readonly<Record<string, unknown>>): void;

  /** Late binding between parts: ask inside `provision` or later, never at import. */
  provide<T>(key: ServiceKey<T>, service: T): void;
  /** Throws when nothing provides it. */
  service<T>(key: ServiceKey<T>): T;
  has<T>(key: ServiceKey<T>): boolean;

  /** Makes an AWS API answer at the AWS endpoint; once a service name. */
  serve(service: LocalService): void;

  /** Invokes a function by its ARN (or one of its version or alias ARNs); throws InvokeRefused. */
  invoke(functionArn: string, payload: string, options?: InvokeOptions): Promise<InvokeResult>;

  /** Registers how messages reach targets whose ARN names this service (`sqs`, `sns`, `events`; `lambda` is there). */
  target(service: string, deliver: Deliver): void;
  /** Dead-letter queues, on-failure destinations, rule targets. */
  deliver(message: Delivery): Promise<void>;

  onStart(hook: () => Promise<void> | void): void;
  onStop(phase: StopPhase, hook: () => Promise<void> | void): void;
}

/** What `provision` gets: the runtime, and which resource it is about. */
export interface ResourceContext extends RuntimeContext {
  readonly resource: Resource;
  /**
   * The name to use when the template declares none, in the form that CloudFormation makes, yet the same at every start:
   * `${stack}-${logicalId}-${12 hex}`, cut to `maxLength` (default 64).
   */
  physicalName(options?: { maxLength?: number; lowerCase?: boolean }): string;
}

/** Credentials of an IAM role, as a function's environment gets them. Provided by local/aws under ROLES. */
export interface RoleCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Roles {
  credentials(roleArn: string): RoleCredentials;
}

/** Provided by local/aws (AWS::IAM::Role), used by local/lambda and by whatever acts in a role's name. */
export const ROLES: ServiceKey<Roles> = serviceKey<Roles>('IAM roles');
