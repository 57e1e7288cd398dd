// Takes an export one step further.
import { evidenceLine } from '../../core/export/evidence.ts';
import type { ExportFile } from '../../core/export/manifest.ts';
import { type Gap, mergeGaps } from '../../core/gap/gap.ts';
import type { JobItem, JobStore } from '../job-store/port.ts';
import { Gaps } from '../search/gaps.ts';
import type { EntryPlace, Found } from '../search/port.ts';
import { finalizeExport, type ProofPorts } from './finalize.ts';
import type { ExportFormat } from './format.ts';
import { type ExportJob, hasEnded, headerOf, readExport, writeExport } from './job.ts';
import type { EntrySource, ExportFiles, FileWriter } from './port.ts';
import type { ExportStep, ExportTask } from './steps.ts';

export interface ExportPorts {
  readonly jobs: JobStore;
  readonly source: EntrySource;
  readonly files: ExportFiles;
  readonly formats: ReadonlyMap<string, ExportFormat>;
  readonly proofs: ProofPorts;
  readonly now: () => number;
  /** Told of what a step came to that is not as it should be. */
  readonly onGaps: (gaps: readonly Gap[]) => void;
  /** A file is ended after this long. */
  readonly budgetMs: number;
}

/** Its files hold the entries' exact bytes themselves, so that they are their own evidence. */
const OWN_EVIDENCE = 'ndjson';

/** That an export lists; the job store keeps a job in one item. */
const MOST_GAPS = 1_000;

/** What an export of nothing says. */
const NOTHING_FOUND = 'Nothing that may be exported was found.';

/**
 * Takes an export one file further, or to its end. A file that was interrupted is written again from its beginning, under its
 * name; the job knows of a file only when it is whole.
 */
export async function advanceExport(ports: ExportPorts, { tenant, id }: ExportTask): Promise<ExportStep> {
  const item = await readExport(ports.jobs, tenant, id);
  if (item === undefined || hasEnded(item.value)) return { tenant, id, done: true, waitSeconds: 1 };
  const job = item.value;
  const next = job.isRead ? await finished(ports, tenant, id, job) : await withNextFile(ports, tenant, item);
  const written = await writeExport(ports.jobs, tenant, item, next);
  // Somebody cancelled it, or granted it to somebody: what was written is written again, or left to the bucket's lifecycle.
  return { tenant, id, done: written && hasEnded(next), waitSeconds: 1 };
}

/** The export can't be taken any further, and nobody else will try. */
export async function giveUpExport({ jobs, now }: ExportPorts, { tenant, id }: ExportTask): Promise<ExportStep> {
  for (;;) {
    const item = await readExport(jobs, tenant, id);
    const isOver = item === undefined || hasEnded(item.value);
    const reason = 'The export was given up after repeated failures.';
    if (
      isOver ||
      (await writeExport(jobs, tenant, item, { ...item.value, status: 'failed', endedAt: now(), reason }))
    ) {
      return { tenant, id, done: true, waitSeconds: 1 };
    }
  }
}

async function withNextFile(ports: ExportPorts, tenant: string, item: JobItem<ExportJob>): Promise<ExportJob> {
  const job = item.value;
  const format = formatOf(ports, job);
  const number = String(job.files.length + 1).padStart(4, '0');
  const name = `export-${number}.${format.extension}`;
  const evidenceName = format.name === OWN_EVIDENCE ? undefined : `evidence-${number}.ndjson`;
  const create = (file: string, type: string) => ports.files.create(tenant, item.id, file, type);
  const data = create(name, format.contentType);
  const evidence = evidenceName === undefined ? undefined : create(evidenceName, 'application/x-ndjson');
  const gaps = new Gaps(tenant);
  const rows = new RowsOfFile(ports, tenant, item, format.maxRows, gaps, evidence);
  try {
    for await (const chunk of format.write(headerOf(tenant, item.id, job), rows.read())) await data.write(chunk);
    if (gaps.list.length > 0) ports.onGaps(gaps.list);
    if (rows.count === 0) {
      await Promise.all([data.abort(), evidence?.abort()]);
      return ended(withGaps(job, gaps), ports.now());
    }
    const written = { name, rows: rows.count, ...(await data.close()) };
    const beside = evidence && { name: evidenceName!, rows: rows.count, ...(await evidence.close()) };
    return {
      ...withGaps(job, gaps),
      ...{ status: 'running', rows: job.rows + rows.count, after: rows.last!, isRead: rows.isEnd },
      ...{ files: [...job.files, written], evidence: [...job.evidence, beside ?? written] },
    };
  } catch (error) {
    await Promise.allSettled([data.abort(), evidence?.abort()]);
    throw error;
  }
}

/** What one step came to beside what those before it did. */
function withGaps(job: ExportJob, { list }: Gaps): ExportJob {
  const gaps = mergeGaps([...(job.gaps ?? []), ...list]).slice(0, MOST_GAPS);
  return gaps.length === 0 ? job : { ...job, gaps };
}

/** The last file was the last, or there was never one. */
function ended(job: ExportJob, now: number): ExportJob {
  if (job.rows > 0) return { ...job, isRead: true };
  return { ...job, status: 'failed', endedAt: now, reason: NOTHING_FOUND };
}

/** The rows of one file: as many as it may have, and as come in time. Each is in the evidence before the format has it. */
class RowsOfFile {
  count = 0;
  last: EntryPlace | undefined;
  /** Whether no row comes after these. */
  isEnd = true;
  readonly #ports: ExportPorts;
  readonly #tenant: string;
  readonly #item: JobItem<ExportJob>;
  readonly #most: number;
  readonly #gaps: Gaps;
  readonly #evidence: FileWriter | undefined;

  constructor(
    ports: ExportPorts,
    tenant: string,
    item: JobItem<ExportJob>,
    most: number,
    gaps: Gaps,
    evidence?: FileWriter,
  ) {
    this.#ports = ports;
    this.#tenant = tenant;
    this.#item = item;
    this.#most = most;
    this.#gaps = gaps;
    this.#evidence = evidence;
  }

  async *read(): AsyncGenerator<Found, void, undefined> {
    const { source, now, budgetMs } = this.#ports;
    const { query, period, order, split, after, expired = [] } = this.#item.value;
    const until = now() + budgetMs;
    const token = `${this.#tenant}/${this.#item.id}`;
    const request = { tenant: this.#tenant, query, period, order, split, token, expired };
    for await (const row of source.rows({ ...request, ...(after === undefined ? {} : { after }) }, this.#gaps)) {
      if (this.count === this.#most || (this.count > 0 && now() >= until)) {
        this.isEnd = false;
        return;
      }
      await this.#evidence?.write(evidenceLine(row));
      this.count++;
      const { recordedAt, chain, position } = row;
      this.last = { recordedAt, chain, position };
      yield row;
    }
  }
}

async function finished(ports: ExportPorts, tenant: string, id: string, job: ExportJob): Promise<ExportJob> {
  const { proof, sealed, manifest } = await finalizeExport(ports.files, ports.proofs, tenant, id, job);
  return {
    ...{ ...job, status: 'succeeded', endedAt: ports.now(), sealed, manifest },
    ...(proof === undefined ? {} : { proof }),
  };
}

function formatOf({ formats }: ExportPorts, { format }: ExportJob): ExportFormat {
  const found = formats.get(format);
  if (found === undefined) throw new RangeError(`got the format ${format}, which there is not`);
  return found;
}

/** Everything that belongs to an export, in the order in which whoever gets it looks at it. */
export function filesOf({ files, evidence, proof = [], manifest }: ExportJob): ExportFile[] {
  const beside = evidence.filter(({ name }) => files.every((file) => file.name !== name));
  return [...files, ...(manifest === undefined ? [] : [manifest]), ...beside, ...proof];
}
