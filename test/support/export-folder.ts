/** Exports as they are downloaded: a folder of files, and the log's keys beside it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatVerifierKey } from '../../core/note/key.ts';
import type { Query } from '../../core/query/ast.ts';
import { advanceExport } from '../../services/export/advance.ts';
import { MemoryFiles } from '../fakes/memory-files.ts';
import { MemoryJobStore } from '../fakes/memory-job-store.ts';
import { begin, deploymentOf, exportPorts, ID, TENANT } from './export-job.ts';

export interface ExportOptions {
  readonly sealed: number;
  readonly unsealed?: number;
  readonly format?: string;
  readonly query?: Query;
}

/** The files of an export by name, and the keys of the log that it is proven by. */
export async function exportedFiles({ sealed, unsealed = 0, format = 'csv', query }: ExportOptions) {
  const deployment = await deploymentOf(sealed, unsealed);
  const [jobs, files] = [new MemoryJobStore(), new MemoryFiles()];
  await begin(jobs, deployment, format, query);
  const ports = exportPorts(deployment, jobs, files);
  while (!(await advanceExport(ports, { tenant: TENANT, id: ID })).done);
  const named = [...files.files].map(([path, bytes]): [string, Uint8Array] => [
    path.slice(path.lastIndexOf('/') + 1),
    bytes,
  ]);
  return { files: new Map(named), keys: await deployment.signer.keys() };
}

/** Writes an export of `name` into a folder of that name, and its keys beside it. */
export async function writeExport(folder: string, name: string, options: ExportOptions): Promise<void> {
  const { files, keys } = await exportedFiles(options);
  mkdirSync(join(folder, name));
  for (const [path, bytes] of files) writeFileSync(join(folder, name, path), bytes);
  writeFileSync(join(folder, `${name}.keys`), keys.map((key) => `${formatVerifierKey(key)}\n`).join(''));
}
