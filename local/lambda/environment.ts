/**
 * One execution environment: a worker thread that runs the handler. Unlike on AWS it serves many invocations at once, so that
 * a process-wide effect such as group commit can be seen on one machine.
 */
import { Worker } from 'node:worker_threads';
import { HEAP_MB, INIT_TIMEOUT_MS } from './limits.ts';
import type { FunctionError, InvokeMessage, WorkerMessage, WorkerSettings } from './messages.ts';

const WORKER = new URL('./worker.ts', import.meta.url);

export type Outcome = { readonly payload: string } | { readonly error: FunctionError };

export interface EnvironmentOptions {
  readonly settings: WorkerSettings;
  /** All that the handler sees as process.env. */
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly output: (text: string) => void;
  /** Called once, when no further invocation may be sent here. */
  readonly onRetired: () => void;
}

interface Pending {
  readonly settle: (outcome: Outcome) => void;
  readonly timer: NodeJS.Timeout;
}

export class Environment {
  /** Settles when the thread is gone. */
  readonly ended: Promise<void>;
  readonly #options: EnvironmentOptions;
  readonly #worker: Worker;
  readonly #pending = new Map<string, Pending>();
  readonly #ready = Promise.withResolvers<FunctionError | undefined>();
  #fatal: FunctionError | undefined;
  #retired = false;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    this.#worker = new Worker(WORKER, {
      workerData: options.settings,
      env: { ...options.variables },
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    this.ended = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.on('message', (message: WorkerMessage) => this.#receive(message));
    this.#worker.on('error', (error) => this.#end(exitError(isOutOfMemory(error) ? 'signal: killed' : error.message)));
    this.#worker.on('exit', (code) => this.#end(exitError(code === 0 ? 'exit status 0' : `exit status ${code}`)));
    const timer = setTimeout(() => {
      this.#end({
        errorType: 'Sandbox.Timedout',
        errorMessage: `Init timed out after ${(INIT_TIMEOUT_MS / 1000).toFixed(2)} seconds`,
      });
      void this.#worker.terminate();
    }, INIT_TIMEOUT_MS);
    void this.#ready.promise.then(() => clearTimeout(timer));
  }

  async invoke(requestId: string, invokedFunctionArn: string, payload: string): Promise<Outcome> {
    const initError = await this.#ready.promise;
    if (initError) return { error: withRequest(requestId, initError) };
    if (this.#fatal) return { error: withRequest(requestId, this.#fatal) };
    const { timeoutMs } = this.#options;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#timeOut(requestId), timeoutMs);
      this.#pending.set(requestId, { settle: resolve, timer });
      const message: InvokeMessage = { requestId, invokedFunctionArn, payload, deadline: Date.now() + timeoutMs };
      this.#worker.postMessage(message);
    });
  }

  /** Takes nothing more, and ends once what runs here is done. */
  retire(): void {
    if (!this.#retired) {
      this.#retired = true;
      this.#options.onRetired();
    }
    if (this.#pending.size === 0) void this.#worker.terminate();
  }

  async kill(): Promise<void> {
    await this.#worker.terminate();
  }

  #receive(message: WorkerMessage): void {
    switch (message.type) {
      case 'ready':
        this.#ready.resolve(undefined);
        return;
      case 'output':
        this.#options.output(message.text);
        return;
      case 'result':
        this.#settle(message.requestId, { payload: message.payload });
        return;
      case 'error':
        this.#settle(message.requestId, { error: message.error });
        return;
      case 'fatal':
        this.#end(message.error);
    }
  }

  /**
   * On AWS the environment of a function that timed out is reset. Here the invocation that timed out fails at once, while what
   * runs beside it may finish, each within its own time, before the thread ends: on AWS they would not have shared one.
   */
  #timeOut(requestId: string): void {
    const seconds = (this.#options.timeoutMs / 1000).toFixed(2);
    const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`;
    this.#settle(requestId, { error: { errorType: 'Sandbox.Timedout', errorMessage } });
    this.retire();
  }

  #settle(requestId: string, outcome: Outcome): void {
    const pending = this.#pending.get(requestId);
    if (!pending) return;
    clearTimeout(pending.timer);
    this.#pending.delete(requestId);
    pending.settle(outcome);
    if (this.#retired) this.retire();
  }

  #end(error: FunctionError): void {
    this.#fatal ??= error;
    this.#ready.resolve(this.#fatal);
    for (const requestId of [...this.#pending.keys()]) {
      this.#settle(requestId, { error: withRequest(requestId, this.#fatal) });
    }
    this.retire();
  }
}

function exitError(reason: string): FunctionError {
  return { errorType: 'Runtime.ExitError', errorMessage: `Error: Runtime exited with error: ${reason}` };
}

function isOutOfMemory(error: Error): boolean {
  return (error as { code?: unknown }).code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** The sandbox's own errors name the request; what the code threw is passed on as it is. */
function withRequest(requestId: string, error: FunctionError): FunctionError {
  const ofSandbox = error.errorType === 'Runtime.ExitError' || error.errorType === 'Sandbox.Timedout';
  return ofSandbox ? { ...error, errorMessage: `RequestId: ${requestId} ${error.errorMessage}` } : error;
}
