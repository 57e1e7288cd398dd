/** A runtime for tests of one part: real files in a folder of its own, and hooks that the test runs itself. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../../local/clock.ts';
import { LambdaFunction } from '../../../../local/lambda/function.ts';
import { FUNCTIONS, Functions } from '../../../../local/lambda/registry.ts';
import { openLogFiles } from '../../../../local/observability/files.ts';
import { createRuntime, type Runtime } from '../../../../local/runtime.ts';
import type { Clock } from '../../../../local/template/provisioner.ts';

export interface Bench {
  readonly runtime: Runtime;
  readonly functions: Functions;
  readonly dataDir: string;
  readonly output: string[];
  readonly shown: string[];
  /** Adds a function whose index.mjs is this source, and gives its ARN. */
  add(name: string, source: string, options?: FunctionOptions): string;
  close(): Promise<void>;
}

interface FunctionOptions {
  readonly timeoutMs?: number;
  readonly variables?: Readonly<Record<string, string>>;
  readonly reservedConcurrency?: number;
  readonly refuseCallbacks?: boolean;
}

/** Inside the project, so that its packages could be found from an asset if nothing prevented it. */
const FOLDER = join(import.meta.dirname, '../../../../.local/test');

export async function bench(options: { clock?: Clock; dataDir?: string } = {}): Promise<Bench> {
  mkdirSync(FOLDER, { recursive: true });
  const dataDir = options.dataDir ?? mkdtempSync(join(FOLDER, 'lambda-'));
  const shown: string[] = [];
  const output: string[] = [];
  const logs = openLogFiles(join(dataDir, 'logs'));
  const runtime = createRuntime({
    dataDir,
    awsEndpoint: 'http://127.0.0.1:1',
    clock: options.clock ?? systemClock,
    logs,
    serve: () => undefined,
    show: (line) => shown.push(line),
  });
  const functions = new Functions();
  runtime.context.provide(FUNCTIONS, functions);
  await functions.open(join(dataDir, 'lambda', 'async.ndjson'), runtime.context);
  return {
    runtime,
    functions,
    dataDir,
    output,
    shown,
    add: (name, source, own = {}) => {
      const taskRoot = mkdtempSync(join(dataDir, 'asset-'));
      writeFileSync(join(taskRoot, 'index.mjs'), source);
      const arn = `arn:aws:lambda:us-east-1:000000000000:function:${name}`;
      const definition = {
        arn,
        settings: {
          taskRoot,
          handler: 'index.handler',
          functionName: name,
          functionVersion: '$LATEST',
          memoryLimitInMB: '256',
          logGroupName: `/aws/lambda/${name}`,
          logStreamName: 'local',
          refuseCallbacks: own.refuseCallbacks ?? true,
        },
        timeoutMs: own.timeoutMs ?? 10_000,
        ...(own.reservedConcurrency === undefined ? {} : { reservedConcurrency: own.reservedConcurrency }),
        declared: own.variables ?? {},
        variables: () => own.variables ?? {},
      };
      functions.add(
        new LambdaFunction(
          definition,
          (text) => output.push(text),
          () => undefined,
        ),
      );
      return arn;
    },
    close: async () => {
      await functions.close();
      logs.close();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true });
    },
  };
}
