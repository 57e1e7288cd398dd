// Verifies one tenant, phase by phase.
import type { Finding } from '../../core/verify/finding.ts';
import { addTally } from '../../core/verify/tally.ts';
import { type VerifyStage, verifyEvidence } from '../../core/verify/verify.ts';
import { segmentsPrefix } from '../../names/archive.ts';
import type { TenantContext } from './context.ts';
import { scanDocuments } from './covered.ts';
import type { Piece } from './documents.ts';
import { StoredEvidence } from './evidence.ts';
import type { LiveFinding } from './finding.ts';
import { checkLedger, type LedgerCursor } from './ledger-ranges.ts';
import { scanObjects } from './objects.ts';
import { type Scan, type ScanCursor, scanAll } from './scan-all.ts';
import { type ChainCursor, ChainSlice } from './slice.ts';
import { documentKinds } from './tenant-documents.ts';
import { UnsealedTombstones } from './unsealed.ts';

/** Begins, or goes on where an earlier slice stopped; resolves to where it stopped itself, or to undefined at its end. */
export type Phase = (context: TenantContext, at: unknown) => Promise<unknown>;

/** What a tenant's check consists of, in this order; a piece of it has one of them. */
export const PHASES: readonly (readonly [name: string, phase: Phase])[] = [
  ['evidence', (context, at) => checkEvidence(context, at as ChainCursor | undefined)],
  ['ledger', (context, at) => checkLedger(context, at as LedgerCursor | undefined)],
  ['objects', (context, at) => checkObjects(context, at as ScanCursor | undefined)],
  ['documents', (context, at) => checkDocuments(context, at as ScanCursor | undefined)],
];

const MISSING: readonly Finding['code'][] = ['body-missing', 'tail-missing', 'segment-missing'];

/** Whose findings are whose: those of the stages that another piece has are found there. */
const PART_OF_STAGE = { digests: 'digests', lists: 'lists', chains: 'chain', end: 'digests' } as const satisfies Record<
  VerifyStage,
  Piece['part']
>;

/** Everything that an export could be checked for as well. */
async function checkEvidence(context: TenantContext, at: ChainCursor | undefined): Promise<ChainCursor | undefined> {
  const { scope, after, tally, report } = context;
  if (!scope.has('digests') && !scope.has('lists') && !scope.has('chain')) return undefined;
  const slice = new ChainSlice(at, context.isOver, (chain) => scope.chain(chain));
  const missing: LiveFinding[] = [];
  let stage: VerifyStage = 'digests';
  const onFinding = (found: Finding) => {
    // What precedes the chains is done once more in each slice; what it finds was found in the first.
    const counts = scope.has(PART_OF_STAGE[stage]) && (stage === 'chains' || at === undefined);
    const nothingNew = found.code === 'no-position' && after !== undefined;
    if (!counts || nothingNew) return;
    if (MISSING.includes(found.code)) missing.push(found);
    else report(found);
  };
  await verifyEvidence(evidenceOf(context), {
    onFinding,
    onStage: (next) => {
      stage = next;
    },
    lists: (digest) => scope.lists(digest),
    runChain: async (plan, through, chain) => {
      const checked = await slice.run(plan, through, chain);
      addTally(tally, checked);
      return checked;
    },
  });
  await excuse(context, missing);
  return slice.stopped;
}

function evidenceOf({ ports, log, digests, documents, lists, after, report }: TenantContext): StoredEvidence {
  const { store, codec } = ports;
  return new StoredEvidence({ store, codec, log: log.head, digests, documents, lists, after, report });
}

/** Reports what is missing as far as no tombstone excuses it that waits for the next seal. */
async function excuse(
  { ports, digests, lists, tally, notes, report }: TenantContext,
  missing: readonly LiveFinding[],
): Promise<void> {
  const unsealed = new UnsealedTombstones(ports.store, digests, lists);
  for (const found of missing) {
    const { excused, left } = await unsealed.excuse(found);
    tally.missing -= excused;
    tally.expired += excused;
    if (excused > 0) notes.push(`${excused} positions of chain ${found.chain} expired since the newest seal`);
    for (const one of left) report(one);
  }
}

/** Whether those who read current versions, as queries do, read what is sealed. */
async function checkObjects(context: TenantContext, at: ScanCursor | undefined): Promise<ScanCursor | undefined> {
  const { ports, lists, scope } = context;
  if (!scope.has('objects')) return undefined;
  const prefixes = await prefixesToScan(context);
  const scans = prefixes.map(
    (prefix): Scan => ({
      prefix,
      open: (after) => scanObjects(ports.store, lists, prefix, after),
    }),
  );
  return scanAll(scans, scope.keys, context, at);
}

/** Whether anything hides or covers documents and tiles. */
async function checkDocuments(context: TenantContext, at: ScanCursor | undefined): Promise<ScanCursor | undefined> {
  if (!context.scope.has('documents')) return undefined;
  const scans = documentKinds(context).map(
    (kind): Scan => ({
      prefix: kind.prefix,
      ...(kind.after === undefined ? {} : { after: kind.after }),
      open: (after) => scanDocuments(context.ports.store, kind, after),
    }),
  );
  return scanAll(scans, context.scope.keys, context, at);
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
