/** A function as the template declares it: its current environment, how many may run at once, what one invocation answers. */
import { InvokeRefused, type InvokeResult } from '../template/provisioner.ts';
import { Environment, type Outcome } from './environment.ts';
import { SYNC_PAYLOAD_BYTES } from './limits.ts';
import type { FunctionError, WorkerSettings } from './messages.ts';

export interface FunctionDefinition {
  readonly arn: string;
  readonly settings: WorkerSettings;
  readonly timeoutMs: number;
  readonly reservedConcurrency?: number;
  /** The variables that the template declares. */
  readonly declared: Readonly<Record<string, string>>;
  /** Read when an environment starts, since credentials and queues may be bound after the function. */
  readonly variables: () => Readonly<Record<string, string>>;
  /** The content of a dead-letter queue's messages. */
  readonly deadLetterArn?: string;
}

export interface FunctionReport {
  readonly requestId: string;
  readonly durationMs: number;
  readonly status: 'success' | 'error' | 'throttled';
  readonly error?: FunctionError;
}

export class LambdaFunction {
  readonly definition: FunctionDefinition;
  readonly #output: (text: string) => void;
  readonly #report: (report: FunctionReport) => void;
  readonly #environments = new Set<Environment>();
  #current: Environment | undefined;
  #running = 0;

  constructor(
    definition: FunctionDefinition,
    output: (text: string) => void,
    report: (report: FunctionReport) => void,
  ) {
    this.definition = definition;
    this.#output = output;
    this.#report = report;
  }

  get running(): number {
    return this.#running;
  }

  async invoke(requestId: string, payload: string): Promise<InvokeResult> {
    const { reservedConcurrency, arn } = this.definition;
    if (reservedConcurrency !== undefined && this.#running >= reservedConcurrency) {
      this.throttle(requestId);
    }
    this.#running += 1;
    const started = performance.now();
    try {
      const outcome = limited(await this.#environment().invoke(requestId, arn, payload));
      const failed = 'error' in outcome;
      this.#report({
        requestId,
        durationMs: Math.round((performance.now() - started) * 100) / 100,
        status: failed ? 'error' : 'success',
        ...(failed ? { error: outcome.error } : {}),
      });
      return failed
        ? { statusCode: 200, functionError: 'Unhandled', payload: JSON.stringify(outcome.error), requestId }
        : { statusCode: 200, payload: outcome.payload, requestId };
    } finally {
      this.#running -= 1;
    }
  }

  throttle(requestId: string): never {
    this.#report({ requestId, durationMs: 0, status: 'throttled' });
    throw new InvokeRefused('TooManyRequestsException', 429, 'Rate Exceeded.');
  }

  async close(): Promise<void> {
    await Promise.all([...this.#environments].map((environment) => environment.kill()));
  }

  #environment(): Environment {
    if (this.#current) return this.#current;
    const environment: Environment = new Environment({
      settings: this.definition.settings,
      variables: this.definition.variables(),
      timeoutMs: this.definition.timeoutMs,
      output: this.#output,
      onRetired: () => {
        if (this.#current === environment) this.#current = undefined;
      },
    });
    this.#current = environment;
    this.#environments.add(environment);
    void environment.ended.then(() => this.#environments.delete(environment));
    return environment;
  }
}

function limited(outcome: Outcome): Outcome {
  if ('error' in outcome || Buffer.byteLength(outcome.payload) <= SYNC_PAYLOAD_BYTES) return outcome;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${SYNC_PAYLOAD_BYTES} bytes).`;
  return { error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } };
}
