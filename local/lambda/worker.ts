/**
 * The inside of one execution environment, run in a worker thread: loads the deployed bundle, runs its handler, and makes
 * console and process.stdout log lines of the parent's. `process.env` is what the parent gave, never the parent's own.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { parentPort, workerData } from 'node:worker_threads';
import type { FunctionError, InvokeMessage, WorkerMessage, WorkerSettings } from './messages.ts';

type Handler = (event: unknown, context: unknown) => unknown;

const settings = workerData as WorkerSettings;
const invocation = new AsyncLocalStorage<string>();

function say(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

/** As the Node.js runtime of Lambda describes what was thrown. */
function describe(error: unknown, errorType?: string): FunctionError {
  if (error instanceof Error || Object.prototype.toString.call(error) === '[object Error]') {
    const { name, message, stack } = error as Error;
    return { errorType: errorType ?? name, errorMessage: message, trace: (stack ?? '').split('\n') };
  }
  return { errorType: errorType ?? typeof error, errorMessage: String(error), trace: [] };
}

function captureOutput(): void {
  const write = ((chunk: string | Uint8Array, encodingOrDone?: unknown, done?: unknown): boolean => {
    const encoding = typeof encodingOrDone === 'string' ? (encodingOrDone as BufferEncoding) : 'utf8';
    say({ type: 'output', text: typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString(encoding) });
    const callback = typeof encodingOrDone === 'function' ? encodingOrDone : done;
    if (typeof callback === 'function') process.nextTick(callback as () => void);
    return true;
  }) as typeof process.stdout.write;
  process.stdout.write = write;
  process.stderr.write = write;
  const levels = { log: 'INFO', info: 'INFO', debug: 'DEBUG', trace: 'TRACE', warn: 'WARN', error: 'ERROR' } as const;
  for (const [method, level] of Object.entries(levels)) {
    console[method as keyof typeof levels] = (...values: unknown[]) => {
      const line = {
        timestamp: new Date().toISOString(),
        level,
        requestId: invocation.getStore(),
        message: format(...values),
      };
      say({ type: 'output', text: `${JSON.stringify(line)}\n` });
    };
  }
}

/** On AWS there is nothing beside the asset but the SDK of the runtime, so a bundle must not find this project's packages. */
function confineImports(): void {
  const root = pathToFileURL(join(settings.taskRoot, '/')).href;
  const provided = /^@(aws-sdk|smithy)\//;
  registerHooks({
    resolve: (specifier, context, next) => {
      const resolved = next(specifier, context);
      const fromAsset = context.parentURL?.startsWith(root) ?? false;
      const outside = resolved.url.startsWith('file:') && !resolved.url.startsWith(root);
      if (!fromAsset || !outside || provided.test(specifier)) return resolved;
      const error = new Error(`Cannot find package '${specifier}' imported from ${context.parentURL}`);
      throw Object.assign(error, { code: 'ERR_MODULE_NOT_FOUND' });
    },
  });
}

async function loadHandler(): Promise<Handler> {
  const file = basename(settings.handler);
  const dot = file.indexOf('.');
  const module = join(settings.taskRoot, dirname(settings.handler), file.slice(0, dot));
  const path = ['.mjs', '.js', '.cjs']
    .map((extension) => module + extension)
    .find((candidate) => existsSync(candidate));
  if (path === undefined) {
    throw named('Runtime.ImportModuleError', `Error: Cannot find module '${file.slice(0, dot)}'`);
  }
  const exported = await importModule(path);
  const handler = file
    .slice(dot + 1)
    .split('.')
    .reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], exported);
  if (typeof handler !== 'function') {
    throw named('Runtime.HandlerNotFound', `${settings.handler} is undefined or not exported`);
  }
  if (settings.refuseCallbacks && handler.length > 2) {
    throw named('Runtime.CallbackHandlerDeprecated', 'Node.js 24 functions take no callback; return a promise instead');
  }
  return handler as Handler;
}

async function importModule(path: string): Promise<unknown> {
  try {
    return await import(pathToFileURL(path).href);
  } catch (error) {
    const missing = (error as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND';
    throw missing ? named('Runtime.ImportModuleError', String(error)) : error;
  }
}

function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

function contextOf({ requestId, invokedFunctionArn, deadline }: InvokeMessage): unknown {
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: settings.functionName,
    functionVersion: settings.functionVersion,
    invokedFunctionArn,
    logGroupName: settings.logGroupName,
    logStreamName: settings.logStreamName,
    memoryLimitInMB: settings.memoryLimitInMB,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

async function run(handler: Handler, message: InvokeMessage): Promise<void> {
  const { requestId } = message;
  try {
    const event: unknown = JSON.parse(message.payload);
    const value = await invocation.run(requestId, () => handler(event, contextOf(message)));
    say({ type: 'result', requestId, payload: JSON.stringify(value) ?? 'null' });
  } catch (error) {
    say({ type: 'error', requestId, error: describe(error) });
  }
}

function end(error: unknown, errorType?: string): void {
  say({ type: 'fatal', error: describe(error, errorType) });
  process.exit(1);
}

captureOutput();
confineImports();
process.on('uncaughtException', (error) => end(error));
process.on('unhandledRejection', (reason) => end(reason, 'Runtime.UnhandledPromiseRejection'));

try {
  const handler = await loadHandler();
  parentPort?.on('message', (message: InvokeMessage) => void run(handler, message));
  say({ type: 'ready' });
} catch (error) {
  end(error);
}
