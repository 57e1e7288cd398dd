/**
 * Sends a folder of real events (`cloudtrail/cloudtrail.ndjson.gz`, `apps/VENDOR.ndjson`) into a runtime of its own, kills
 * it with SIGKILL in the middle, sends everything again, and checks that the ledger and the archive then hold every
 * event once, bytes equal, links re-derived. `node test/conformance/real-data/main.ts DIR`
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { type Runtime, startRuntime } from '../../e2e/runtime.ts';
import { freePorts } from '../../support/ports.ts';
import { compareArchive, expectEqual, readLedger } from './check.ts';
import { findAgain, INDEXED } from './find.ts';
import { mapApps } from './map-apps.ts';

const TENANT = 'acme';
const CONFIG = { reading: { facets: INDEXED } };
const POLL_MS = 2000;
/** Recorded in the first pass before the runtime is killed: well before its end. */
const KILL_AFTER_ENTRIES = 200;

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: node test/conformance/real-data/main.ts DIR');
const scratch = await mkdtemp(join(tmpdir(), 'indelible-real-data-'));
let runtime: Runtime | undefined;
try {
  const cloudtrail = join(folder, 'cloudtrail', 'cloudtrail.ndjson.gz');
  const apps = await mapApps(join(folder, 'apps'));
  const mapped = join(scratch, 'apps.ndjson');
  await writeFile(mapped, apps.map((entry) => `${entry.json}\n`).join(''));
  const eventIds = gunzipSync(await readFile(cloudtrail))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).eventID as string);

  // The same ports: an idempotency key belongs to a subject of an issuer, which is an address of the runtime.
  const [port = 0, awsPort = 0] = await freePorts(2);
  const options = { dataDir: join(scratch, 'data'), config: CONFIG, ports: [port, awsPort] as const };
  runtime = await startRuntime(options);
  const killed = send(runtime, [mapped, cloudtrail]);
  while (sum(await readLedger(runtime.awsUrl)) < KILL_AFTER_ENTRIES) await sleep(20);
  await runtime.kill();
  const interrupted = await killed;
  console.log(`killed with SIGKILL while sending (exit ${interrupted.code}): ${interrupted.output.split('\n')[0]}`);

  runtime = await startRuntime(options);
  const again = await send(runtime, [mapped, cloudtrail]);
  console.log(again.output.trim());
  expectEqual('exit code of the second pass', again.code, 0);

  const want = apps.length + eventIds.length;
  const total = await settle('in the ledger', async () => sum(await readLedger(runtime!.awsUrl)), want);
  const chains = await readLedger(runtime.awsUrl);
  const archived = await settle('in the archive', () => compareArchive(runtime!.awsUrl, chains), total);
  const found = new Map<string, number>();
  for (const chain of chains.values())
    for (const bytes of chain.entries) count(found, identify(JSON.parse(bytes.toString('utf8'))));
  for (const id of [...apps.map((entry) => entry.id), ...eventIds])
    expectEqual(`times that ${id} is recorded`, found.get(id), 1);
  console.log(
    `${eventIds.length} CloudTrail records and ${apps.length} application events, each once, on ${chains.size} chains`,
  );
  console.log(`${total} entries in the ledger, ${archived} in the archive, bytes equal, links re-derived`);
  const entries = new Map([...chains].map(([chain, { entries: all }]) => [chainNumber(chain), all.map(parsed)]));
  const searches = await findAgain(runtime, TENANT, entries);
  console.log(`${searches} searches, one for every value of every facet, find exactly their entries`);
  console.log('3 passed, 0 failed');
} finally {
  await runtime?.stop();
  await rm(scratch, { recursive: true, force: true });
}

function send(to: Runtime, files: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(
    process.execPath,
    ['bin/indelible.ts', 'send', ...files, '--tenant', TENANT, '--url', to.url, '--aws-url', to.awsUrl],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let output = '';
  child.stdout.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) =>
    child.once('error', reject).once('close', (code) => resolve({ code, output })),
  );
}

/** Waits until a count no longer grows and is at least what is wanted; a store that stands still below it is a failure. */
async function settle(what: string, measure: () => Promise<number>, want: number): Promise<number> {
  let last = -1;
  let still = 0;
  for (;;) {
    const now = await measure();
    if (now > want) throw new Error(`${now} entries ${what}, want ${want}`);
    if (now === want) return now;
    still = now === last ? still + 1 : 0;
    if (still === 60) throw new Error(`${now} of ${want} entries ${what}, and no more are coming`);
    last = now;
    console.log(`${now} of ${want} ${what}`);
    await sleep(POLL_MS);
  }
}

function sum(chains: Awaited<ReturnType<typeof readLedger>>): number {
  return [...chains.values()].reduce((total, chain) => total + chain.entries.length, 0);
}

/** An application's event keeps its own id; a CloudTrail record is known by the event id in what was kept of it. */
function identify(entry: { id: string; metadata?: { event?: { detail?: { eventID?: string } } } }): string {
  return entry.metadata?.event?.detail?.eventID ?? entry.id;
}

function parsed(bytes: Buffer): Readonly<Record<string, unknown>> {
  return JSON.parse(bytes.toString('utf8'));
}

/** `tenant#n`. */
function chainNumber(name: string): number {
  return Number(name.slice(name.lastIndexOf('#') + 1));
}

function count(counts: Map<string, number>, id: string): void {
  counts.set(id, (counts.get(id) ?? 0) + 1);
}
