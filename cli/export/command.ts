// The command `export`.
import type { FileHandle } from 'node:fs/promises';
import { fileSink, fileSource } from '../../adapters/zip/file.ts';
import { zlibZip } from '../../adapters/zip/zlib.ts';
import { zipContainer } from '../../core/bundle/container.ts';
import { BundleError } from '../../core/bundle/error.ts';
import { FILES } from '../../core/bundle/files.ts';
import { MANIFEST, type Manifest } from '../../core/bundle/manifest.ts';
import { DocumentError } from '../../core/documents/error.ts';
import { openZip } from '../../core/zip/archive.ts';
import { ZipError } from '../../core/zip/error.ts';
import { ZipWriter } from '../../core/zip/writer.ts';
import { NothingSealed, type Period } from '../../services/bundle/plan.ts';
import type { BundleSource } from '../../services/bundle/source.ts';
import { scopeOf, writeBundle } from '../../services/bundle/write.ts';
import { bar } from '../bar.ts';
import { parseDay } from '../day.ts';
import { apiUrl } from '../endpoints.ts';
import { CommandError, EXIT, type ExitCode } from '../exit.ts';
import { remark, say } from '../terminal.ts';
import { mintToken } from '../token.ts';
import type { CommandValues } from '../values.ts';
import { ApiClient } from './client.ts';
import { download } from './download.ts';
import { writeWhole } from './file.ts';
import { BundleJobs } from './job.ts';
import { ApiSource } from './source.ts';
import { writeVerifiers } from './verifiers.ts';

const TOOL = 'indelible export';
const MAX_MANIFEST_BYTES = 64 * 1024;

/** Writes a tenant's evidence into one file that anybody can verify. */
export async function exportBundle(values: CommandValues, positionals: string[]): Promise<ExitCode> {
  if (positionals.length > 0) throw new CommandError(EXIT.usage, `export takes no arguments, got '${positionals[0]}'`);
  const { out, tenant } = values;
  if (out === undefined || tenant === undefined) {
    throw new CommandError(EXIT.usage, 'export needs --tenant and --out, e.g. --tenant acme --out acme.zip');
  }
  const period = periodOf(values);
  const api = apiUrl(values.url);
  const token = values.token ?? process.env.INDELIBLE_TOKEN ?? (await mintToken(api, tenant, 'compliance'));
  const client = new ApiClient(api, token);
  try {
    const source = await ApiSource.open(client);
    if (source.tenant !== tenant) {
      throw new CommandError(EXIT.usage, `the token speaks for ${source.tenant}, not for ${tenant}`);
    }
    const manifest = await exported(client, source, out, period, values.paged === true);
    say(`${out}: ${tenant}, ${scopeOf(manifest)}\n`);
    remark(`Check it with: npx indelible verify ${out} --keys KEYS, the keys from ${new URL('/log/keys', api)}\n`);
    if (values['with-verifier'] === true) say(`beside it: ${(await writeVerifiers(client, out)).join(', ')}\n`);
    return EXIT.ok;
  } finally {
    client.close();
  }
}

/** Made by the deployment where it does that, and otherwise here, of many answers. */
export async function exported(
  client: ApiClient,
  source: ApiSource,
  out: string,
  period: Period,
  paged: boolean,
): Promise<Manifest> {
  if (paged) return exportTo(source, out, period);
  const jobs = new BundleJobs(client);
  const id = await jobs.begin(period, source.logSize);
  if (id === undefined) {
    remark('The deployment makes no bundles by itself, so that this one is put together here of many answers.\n');
    return exportTo(source, out, period);
  }
  const made = await jobs.finished(id);
  return writeWhole(out, async (file) => {
    await download(file, { ...made, nextUrl: async () => (await jobs.finished(id)).url });
    return manifestIn(file, source.tenant, period);
  });
}

/** What came is an archive, and of what was asked for; whether it is true is for whoever verifies it. */
async function manifestIn(file: FileHandle, tenant: string, { from, to }: Period): Promise<Manifest> {
  let manifest: Manifest;
  try {
    const zip = await openZip(await fileSource(file), zlibZip);
    manifest = MANIFEST.parse(await zipContainer(zip).read(FILES.manifest, MAX_MANIFEST_BYTES));
  } catch (error) {
    if (!(error instanceof ZipError || error instanceof BundleError || error instanceof DocumentError)) throw error;
    throw new CommandError(EXIT.refused, `the deployment handed out no bundle: ${error.message}`, { cause: error });
  }
  if (manifest.tenant === tenant && manifest.from === from && manifest.to === to) return manifest;
  throw new CommandError(
    EXIT.refused,
    `the deployment handed out a bundle of ${manifest.tenant}, ${scopeOf(manifest)}`,
  );
}

function periodOf({ from, to }: CommandValues): Period {
  const [first, last] = [parseDay(from, '--from'), parseDay(to, '--to')];
  if (first !== undefined && last !== undefined && first > last) {
    throw new CommandError(EXIT.usage, `--from ${first} is after --to ${last}`);
  }
  return { ...(first === undefined ? {} : { from: first }), ...(last === undefined ? {} : { to: last }) };
}

/** Writes the bundle, and leaves no file of that name unless all of it was written. */
export async function exportTo(source: BundleSource, out: string, period: Period): Promise<Manifest> {
  const progress = bar('exporting', 'positions', process.stderr);
  try {
    return await writeWhole(out, async (file) => {
      const zip = new ZipWriter(fileSink(file), zlibZip);
      const options = { ...period, now: new Date(), tool: TOOL, onProgress: progress.update };
      const manifest = await writeBundle(source, zip, options);
      await zip.finish();
      return manifest;
    });
  } catch (error) {
    throw commandError(error);
  } finally {
    progress.stop();
  }
}

/** What the deployment says instead of evidence. */
function commandError(error: unknown): unknown {
  if (error instanceof NothingSealed) return new CommandError(EXIT.refused, error.message, { cause: error });
  if (!(error instanceof DocumentError)) return error;
  return new CommandError(EXIT.refused, `the deployment handed out no evidence: ${error.message}`, { cause: error });
}
