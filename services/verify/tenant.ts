import { chainName } from '../../core/chain.ts';
import { fromHex } from '../../core/crypto.ts';
import { TileError } from '../../core/tiles/error.ts';
import type { Finding } from '../../core/verify/finding.ts';
import { addTally } from '../../core/verify/tally.ts';
import { verifyEvidence } from '../../core/verify/verify.ts';
import { segmentsPrefix } from '../../names/archive.ts';
import { genuineLeaves } from './chain-tiles.ts';
import type { TenantContext } from './context.ts';
import { scanDocuments } from './covered.ts';
import { StoredEvidence } from './evidence.ts';
import { type LiveFinding, liveFinding } from './finding.ts';
import { compareWithLedger } from './ledger.ts';
import { scanObjects } from './objects.ts';
import { type ScanCursor, scanAll } from './scan-all.ts';
import { type ChainCursor, ChainSlice } from './slice.ts';
import { documentKinds } from './tenant-documents.ts';
import { UnsealedTombstones } from './unsealed.ts';

/** Begins, or goes on where an earlier slice stopped; resolves to where it stopped itself, or to undefined at its end. */
export type Phase = (context: TenantContext, at: unknown) => Promise<unknown>;

/** What a tenant's check consists of, in this order. */
export const PHASES: readonly (readonly [name: string, phase: Phase])[] = [
  ['evidence', (context, at) => checkEvidence(context, at as ChainCursor | undefined)],
  ['ledger', (context, at) => checkLedger(context, at as LedgerCursor | undefined)],
  ['objects', (context, at) => checkObjects(context, at as ScanCursor | undefined)],
  ['documents', (context, at) => checkDocuments(context, at as ScanCursor | undefined)],
];

const MISSING: readonly Finding['code'][] = ['body-missing', 'tail-missing', 'segment-missing'];

/** Everything that an export could be checked for as well. */
async function checkEvidence(context: TenantContext, at: ChainCursor | undefined): Promise<ChainCursor | undefined> {
  const { ports, log, digests, lists, after, tally, report } = context;
  const slice = new ChainSlice(at, context.isOver);
  const missing: LiveFinding[] = [];
  // What precedes the chains is done once more in each slice; what it finds was found in the first.
  let counts = at === undefined;
  const onFinding = (found: Finding) => {
    const nothingNew = found.code === 'no-position' && after !== undefined;
    if (!counts || nothingNew) return;
    if (MISSING.includes(found.code)) missing.push(found);
    else report(found);
  };
  const { store, codec } = ports;
  const evidence = new StoredEvidence({ store, codec, log: log.head, digests, lists, after, report });
  await verifyEvidence(evidence, {
    onFinding,
    runChain: async (plan, through, chain) => {
      counts = true;
      const checked = await slice.run(plan, through, chain);
      addTally(tally, checked);
      counts = at === undefined;
      return checked;
    },
  });
  const unsealed = new UnsealedTombstones(store, digests, lists);
  for (const found of missing) {
    const { excused, left } = await unsealed.excuse(found);
    tally.missing -= excused;
    tally.expired += excused;
    if (excused > 0) context.notes.push(`${excused} positions of chain ${found.chain} expired since the newest seal`);
    for (const one of left) report(one);
  }
  return slice.stopped;
}

interface LedgerCursor {
  readonly chain: number;
  readonly below?: number;
}

/** Whether the hot ledger, which is read first, still says what is sealed. */
async function checkLedger(context: TenantContext, at: LedgerCursor | undefined): Promise<LedgerCursor | undefined> {
  const { ports, lists, digests, after, report } = context;
  const anchor = after && (await digests.at(after.seal));
  for (const head of lists.newest.chains) {
    if (head.chain < (at?.chain ?? 0)) continue;
    const from = anchor?.chains.find(({ chain }) => chain === head.chain)?.size ?? 0;
    const range = {
      ...{ chain: chainName(lists.tenant, head.chain), from, size: head.size, link: fromHex(head.link) },
      leaves: genuineLeaves(ports.store, lists.tenant, head),
    };
    const below = at?.chain === head.chain ? at.below : undefined;
    try {
      for await (const step of compareWithLedger(range, ports, below)) {
        for (const { first, last, found } of step.differences) {
          const place = { tenant: lists.tenant, chain: head.chain, first, last };
          report(liveFinding('ledger-differs', { ...place, expected: 'what is sealed', found }));
        }
        if (context.isOver()) return { chain: head.chain, below: step.below };
      }
    } catch (error) {
      if (!(error instanceof TileError)) throw error;
      context.notes.push(`the ledger was not compared with chain ${head.chain}: no tiles lead to its sealed root`);
    }
  }
  return undefined;
}

/** Whether those who read current versions, as queries do, read what is sealed. */
async function checkObjects(context: TenantContext, at: ScanCursor | undefined): Promise<ScanCursor | undefined> {
  const { ports, lists } = context;
  const prefixes = await prefixesToScan(context);
  return scanAll(
    prefixes.map((prefix) => (after?: string) => scanObjects(ports.store, lists, prefix, after)),
    context,
    at,
  );
}

/** Whether anything hides or covers documents and tiles. */
async function checkDocuments(context: TenantContext, at: ScanCursor | undefined): Promise<ScanCursor | undefined> {
  const kinds = documentKinds(context);
  return scanAll(
    kinds.map((kind) => (after?: string) => scanDocuments(context.ports.store, kind, after)),
    context,
    at,
  );
}

/** All of the tenant's segments, or the days of those that are new. */
async function prefixesToScan({ mode, lists, after }: TenantContext): Promise<readonly string[]> {
  if (mode === 'full' || after === undefined) return [segmentsPrefix(lists.tenant)];
  const folders = new Set<string>();
  for await (const { segments } of lists.since(after.seal + 1)) {
    for (const { object } of segments) folders.add(object.key.slice(0, object.key.lastIndexOf('/') + 1));
  }
  return [...folders].sort();
}
