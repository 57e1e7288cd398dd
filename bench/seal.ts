/**
 * What sealing and verifying cost: by the size of the history, in signatures, in the size of a proof, and in money.
 * Times are of the processor, so that a busy machine tells the same; requests are counted where the adapters send one each.
 */
import { zstd } from '../adapters/zstd.ts';
import { decodeBlock } from '../core/block/codec.ts';
import { treeRoot } from '../core/merkle/prove.ts';
import { ARCHIVE } from '../names/archive.ts';
import { MemoryNodes } from '../test/support/memory-nodes.ts';
import { DAY_MS } from '../test/support/sealing.ts';
import { Verifying } from '../test/support/verifying.ts';
import { type Busy, printCost } from './cost.ts';
import { type Cost, MeteredDeployment, useOf } from './metered.ts';
import { KINDS } from './prices.ts';
import { printProofs } from './proofs.ts';
import { measureQuiet, verifyIntact } from './quiet.ts';
import { printSignatures } from './signatures.ts';

const CHAIN = 'acme#0';
const BLOCK = 500;
/** Archived at a time, so that a window is whole. */
const DELIVERY = 20_000;
const NEW_ENTRIES = 10_000;
const HISTORIES = [10_000, 100_000, 1_000_000];
/** Seals that are measured at each size; the median counts. */
const ROUNDS = 3;

interface AtSize {
  readonly history: number;
  readonly seal: Cost;
  readonly naive: { readonly cpuMs: number; readonly queries: number };
}

export async function benchSeal(histories: readonly number[] = HISTORIES): Promise<void> {
  const deployment = new MeteredDeployment();
  await warmUp();
  const sizes: AtSize[] = [];
  const grown: Grown[] = [];
  for (const history of histories) {
    grown.push(await grow(deployment, history));
    sizes.push({ history, seal: await sealNew(deployment), naive: await naiveSeal(deployment) });
  }
  printSizes(sizes);
  const busy = await measureBusy(deployment, grown.at(-1)!);
  console.log();
  await printSignatures();
  console.log();
  await printProofs(deployment);
  console.log();
  printCost(busy, await measureQuiet());
}

/** The first run of anything is slower than the others. */
async function warmUp(): Promise<void> {
  const deployment = new MeteredDeployment();
  await grow(deployment, DELIVERY);
  await naiveSeal(deployment);
}

const sizeOf = (deployment: MeteredDeployment): number =>
  (deployment.history.get(CHAIN) ?? []).reduce((sum, { count }) => sum + count, 0);

async function record(deployment: MeteredDeployment, entries: number): Promise<void> {
  for (let left = entries; left > 0; left -= DELIVERY) {
    const blocks = Math.ceil(Math.min(left, DELIVERY) / BLOCK);
    await deployment.record(CHAIN, ...Array.from({ length: blocks }, () => deployment.some('payment', BLOCK)));
  }
}

interface Grown {
  readonly entries: number;
  readonly segments: number;
  readonly cost: Cost;
}

const segmentsOf = ({ store }: MeteredDeployment): number => store.keys(ARCHIVE.entriesPrefix).length;

/** Makes the chain as long as `history`, sealed; what that one seal cost. */
async function grow(deployment: MeteredDeployment, history: number): Promise<Grown> {
  const entries = history - sizeOf(deployment);
  const before = segmentsOf(deployment);
  await record(deployment, entries);
  const cost = await deployment.metered(() => deployment.seal());
  deployment.pass(DAY_MS);
  return { entries, segments: segmentsOf(deployment) - before, cost };
}

async function sealNew(deployment: MeteredDeployment): Promise<Cost> {
  const costs: Cost[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await record(deployment, NEW_ENTRIES);
    costs.push(await deployment.metered(() => deployment.seal()));
    deployment.pass(DAY_MS);
  }
  return costs.sort((a, b) => a.cpuMs - b.cpuMs)[Math.floor(ROUNDS / 2)]!;
}

/** The design to beat: hashes every entry of the chain again and takes the root of all. It needs no tiles, and has none. */
async function naiveSeal(deployment: MeteredDeployment): Promise<AtSize['naive']> {
  const blocks = deployment.history.get(CHAIN)!;
  const { cpuMs } = await deployment.metered(async () => {
    const leaves = blocks.flatMap((block) => [...decodeBlock(block, zstd).leafHashes]);
    await treeRoot(new MemoryNodes(leaves), leaves.length);
  });
  return { cpuMs, queries: blocks.length };
}

async function measureBusy(deployment: MeteredDeployment, { entries, segments, cost }: Grown): Promise<Busy> {
  const verify = await deployment.metered(() => verifyIntact(new Verifying(deployment), 'full'));
  return {
    seal: { entries, segments, use: useOf(cost) },
    verify: { entries: sizeOf(deployment), segments: segmentsOf(deployment), use: useOf(verify) },
  };
}

function printSizes(sizes: readonly AtSize[]): void {
  const thousands = NEW_ENTRIES / 1_000;
  console.log(`Seal of ${whole(NEW_ENTRIES)} new entries of one chain; per 1,000 new entries (measured, in memory)`);
  console.log(
    `  ${'history'.padStart(9)} ${'CPU ms'.padStart(8)} ${KINDS.map((kind) => kind.padStart(6)).join(' ')}  queries` +
      '   naive, every entry hashed again: CPU ms, queries',
  );
  for (const { history, seal, naive } of sizes) {
    const requests = KINDS.map((kind) => per(seal.meter.count(kind), thousands).padStart(6)).join(' ');
    console.log(
      `  ${whole(history).padStart(9)} ${per(seal.cpuMs, thousands).padStart(8)} ${requests}  ` +
        `${per(seal.meter.queries, thousands).padStart(7)} ${per(naive.cpuMs, thousands).padStart(42)} ` +
        `${per(naive.queries, thousands).padStart(8)}`,
    );
  }
  const [first, last] = [sizes[0]!, sizes.at(-1)!];
  const growth = (of: (size: AtSize) => number) => (of(last) / of(first)).toFixed(2);
  console.log(
    `  from ${whole(first.history)} to ${whole(last.history)}: CPU × ${growth(({ seal }) => seal.cpuMs)}, requests × ` +
      `${growth(({ seal: { meter } }) => KINDS.reduce((sum, kind) => sum + meter.count(kind), 0))} (goal: flat); ` +
      `naive CPU × ${growth(({ naive }) => naive.cpuMs)}, queries × ${growth(({ naive }) => naive.queries)}`,
  );
  console.log(`  peak memory of this process, history included: ${whole(process.resourceUsage().maxRSS / 1_000)} MB`);
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
const per = (value: number, units: number): string => (value / units).toFixed(1);

if (import.meta.main) {
  const [longest] = process.argv.slice(2).map(Number);
  await benchSeal(HISTORIES.filter((history) => history <= (longest ?? Number.POSITIVE_INFINITY)));
}
