/** What every part of the local runtime shares: late-bound services, hooks, targets, logs. See template/provisioner.ts. */
import type { LocalService } from './aws/service.ts';
import { messageOf } from './failure.ts';
import { FUNCTIONS } from './lambda/registry.ts';
import type { LogFiles } from './observability/files.ts';
import type { Clock, Deliver, RuntimeContext, ServiceKey, StopPhase } from './template/provisioner.ts';

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

const STOP_PHASES: readonly StopPhase[] = ['sources', 'compute', 'services'];

type Hook = () => Promise<void> | void;

export interface RuntimeOptions {
  readonly dataDir: string;
  readonly awsEndpoint: string;
  readonly clock: Clock;
  readonly logs: LogFiles;
  /** Hands an AWS API to the endpoint. */
  readonly serve: (service: LocalService) => void;
  /** Shows a warning on the terminal. */
  readonly show: (line: string) => void;
}

export interface Runtime {
  readonly context: RuntimeContext;
  start(): Promise<void>;
  /** Runs every stop hook, whatever the others do, and then throws the first failure. */
  stop(): Promise<void>;
}

export function createRuntime(options: RuntimeOptions): Runtime {
  const services = new Map<ServiceKey<unknown>, unknown>();
  const targets = new Map<string, Deliver>();
  const startHooks: Hook[] = [];
  const stopHooks: { phase: StopPhase; hook: Hook }[] = [];
  const runtimeLog = options.logs.open('runtime.ndjson');

  const context: RuntimeContext = {
    region: REGION,
    account: ACCOUNT,
    dataDir: options.dataDir,
    awsEndpoint: options.awsEndpoint,
    clock: options.clock,
    log: (part, message, fields = {}) => {
      runtimeLog.line({ time: new Date(options.clock.now()).toISOString(), part, message, ...fields });
    },
    warn: (part, message, fields = {}) => {
      context.log(part, message, { level: 'warn', ...fields });
      options.show(`${part}: ${message}${Object.keys(fields).length > 0 ? ` ${JSON.stringify(fields)}` : ''}`);
    },
    provide: (key, service) => {
      if (services.has(key)) throw new Error(`${key.name} is already provided.`);
      services.set(key, service);
    },
    service: <T>(key: ServiceKey<T>): T => {
      if (!services.has(key)) throw new Error(`Nothing provides ${key.name}.`);
      return services.get(key) as T;
    },
    has: (key) => services.has(key),
    serve: options.serve,
    invoke: (arn, payload, invocation) => context.service(FUNCTIONS).invoke(arn, payload, invocation),
    target: (service, deliver) => {
      if (targets.has(service)) throw new Error(`Targets of ${service} are already delivered.`);
      targets.set(service, deliver);
    },
    deliver: async (message) => {
      const service = message.targetArn.split(':')[2] ?? '';
      const deliver = targets.get(service);
      if (!deliver) throw new Error(`Nothing delivers to ${message.targetArn}.`);
      await deliver(message);
    },
    onStart: (hook) => {
      startHooks.push(hook);
    },
    onStop: (phase, hook) => {
      stopHooks.push({ phase, hook });
    },
  };

  return {
    context,
    start: async () => {
      for (const hook of startHooks) await hook();
    },
    stop: async () => {
      const failures: unknown[] = [];
      for (const phase of STOP_PHASES) {
        for (const { hook } of stopHooks.filter((entry) => entry.phase === phase).reverse()) {
          try {
            await hook();
          } catch (error) {
            context.log('stop', messageOf(error), { level: 'error', phase });
            failures.push(error);
          }
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}
