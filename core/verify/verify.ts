// Verifies all evidence of a tenant.
import { toHex } from '../crypto.ts';
import type { Contents } from '../documents/contents.ts';
import type { ChainHead, Digest } from '../documents/digest.ts';
import type { ObjectRef } from '../documents/fields.ts';
import { type ChainContext, type ChainPlan, checkChain } from './chain.ts';
import {
  collectEvents,
  collectUnsealed,
  FIRST_SLOTS,
  readContents,
  reportShort,
  type Slots,
  UNKNOWN_SLOTS,
} from './contents.ts';
import { type DigestPlace, DigestWalk, type ProvenDigest } from './digests.ts';
import { DocumentReader } from './documents.ts';
import { sealWindow } from './entry-rules.ts';
import type { Evidence } from './evidence.ts';
import { finding, type OnFinding } from './finding.ts';
import { emptyHead } from './hasher.ts';
import { checkLists, type KnownList } from './lists.ts';
import { type ChainReport, Findings, type Report, type VerifiedDigests } from './report.ts';
import type { SealedRange } from './sealed-range.ts';
import type { Tally } from './tally.ts';
import { Tombstones } from './tombstones.ts';

/** Checks one chain, here or elsewhere; what it finds goes to `report`. */
export type ChainRunner = (plan: ChainPlan, through: number, context: ChainContext) => Promise<Tally>;

/** How far the bodies of a chain are to be checked. */
export interface Bound {
  readonly through: number;
  /** Entries that no digest seals may follow; they are passed over. */
  readonly unsealed?: boolean;
}

export interface VerifyOptions {
  /** How far the bodies of a chain are to be checked; without it, all of them. */
  readonly bound?: (plan: ChainPlan, report: OnFinding) => Bound;
  /** When the evidence was put together, as it says itself: no tombstone that nobody sealed can be younger. */
  readonly madeAt?: string;
  /** What whoever made the evidence has to check besides, once the digests are; `places` are theirs, from the first on. */
  readonly checkMore?: (
    digests: VerifiedDigests | undefined,
    places: readonly DigestPlace[],
    report: OnFinding,
  ) => Promise<void>;
  /** Told of findings as they come. */
  readonly onFinding?: OnFinding;
  readonly onProgress?: (positionsDone: number, positions: number) => void;
  readonly runChain?: ChainRunner;
  /** Which of a digest's segment lists are read, by the digest's number; without it, all. Gaps are found between those. */
  readonly lists?: (digest: number) => ((ref: ObjectRef) => boolean) | undefined;
  /** Told when the findings that follow are of another stage: of digests and what they bring, of segment lists, of chains. */
  readonly onStage?: (stage: VerifyStage) => void;
}

/** `end`: whether there was anything to check at all. */
export type VerifyStage = 'digests' | 'lists' | 'chains' | 'end';

/** Verifies all of a tenant's evidence: digests, what they name, and every chain to the last position. */
export async function verifyEvidence(evidence: Evidence, options: VerifyOptions = {}): Promise<Report> {
  const findings = new Findings();
  const report: OnFinding = (found) => {
    findings.add(found);
    options.onFinding?.(found);
  };
  const context = { reader: new DocumentReader(evidence, report), tombstones: new Tombstones(), report };
  options.onStage?.('digests');
  const { walked, places } = await walkDigests(evidence, context, options.madeAt);
  await options.checkMore?.(walked, places, report);
  options.onStage?.('lists');
  const plans = await planChains(evidence, context, options.lists);
  options.onStage?.('chains');
  const chains = await checkChains(plans, { ...context, evidence }, options);
  options.onStage?.('end');
  if (chains.every(({ from, through }) => from === through)) {
    const expected = 'at least one position to check';
    report(finding('no-position', { tenant: evidence.tenant, expected, found: 'none' }));
  }
  const { origin, size, root } = evidence.log;
  return {
    ...{ verdict: findings.verdict, tenant: evidence.tenant, log: { origin, size, root: toHex(root) } },
    ...{ digests: walked, chains, findings: findings.list, findingsLeftOut: findings.leftOut },
  };
}

interface Context {
  readonly reader: DocumentReader;
  readonly tombstones: Tombstones;
  readonly report: OnFinding;
}

interface Walked {
  readonly walked: VerifiedDigests | undefined;
  readonly places: readonly DigestPlace[];
}

/** First pass: the digests themselves, and all tombstones and holds, which later digests hold on what earlier ones list. */
async function walkDigests(evidence: Evidence, context: Context, madeAt: string | undefined): Promise<Walked> {
  const walk = new DigestWalk(evidence, context.report);
  let slots: Slots = evidence.first === 0 ? FIRST_SLOTS : UNKNOWN_SLOTS;
  let first: Digest | undefined;
  let anchor: Digest | undefined;
  const places: DigestPlace[] = [];
  let newest: Contents | undefined;
  for await (const sealed of evidence.digests()) {
    const before = walk.newest?.digest;
    const proven = walk.accept(sealed);
    if (proven === undefined) continue;
    if (proven.digest.number < evidence.first) {
      anchor = proven.digest;
      continue;
    }
    first ??= proven.digest;
    const { number, seal, index } = proven.digest;
    places.push({ number, seal, index });
    const contents = await readContents(proven.digest, context.reader);
    newest = contents;
    const sealing = { digest: proven.digest, before };
    if (contents !== undefined) slots = await collectEvents(sealing, contents, slots, context);
    else if (proven.digest.contents !== undefined) slots = UNKNOWN_SLOTS;
  }
  walk.end();
  const last = walk.newest?.digest;
  if (first === undefined || last === undefined) return { walked: undefined, places };
  reportShort(last, newest, context.report);
  if (evidence.unsealed !== undefined) {
    await collectUnsealed(evidence.unsealed(), { newest: last, slots, madeAt }, context);
  }
  const walked = {
    ...{ first: first.number, last: last.number, anchorSealedAt: anchor?.sealedAt },
    ...{ firstSealedAt: first.sealedAt, lastSealedAt: last.sealedAt, nextBy: last.nextBy },
  };
  return { walked, places };
}

/** Second pass: what each digest adds to each chain, and where that is archived. Finds nothing that the first pass found. */
async function planChains(
  evidence: Evidence,
  context: Context,
  listsOf: NonNullable<VerifyOptions['lists']> = () => () => true,
): Promise<ChainPlan[]> {
  const silent = () => {};
  const walk = new DigestWalk(evidence, silent);
  const quietly = new DocumentReader(evidence, silent);
  const plans = new Map<number, { anchor: ChainHead | undefined; sealedRanges: SealedRange[]; lists: KnownList[] }>();
  let before: ProvenDigest | undefined;
  for await (const sealed of evidence.digests()) {
    const proven = walk.accept(sealed);
    if (proven === undefined) continue;
    const { digest } = proven;
    if (digest.number >= evidence.first) {
      const wanted = listsOf(digest.number);
      const lists = wanted && (await readLists(before?.digest, digest, wanted, { ...context, evidence, quietly }));
      addSections(plans, before?.digest, digest, lists ?? new Map());
    }
    before = proven;
  }
  return [...plans].sort(([a], [b]) => a - b).map(([chain, plan]) => ({ tenant: evidence.tenant, chain, ...plan }));
}

async function readLists(
  before: Digest | undefined,
  digest: Digest,
  wanted: (ref: ObjectRef) => boolean,
  { evidence, quietly, ...context }: Context & { readonly evidence: Evidence; readonly quietly: DocumentReader },
): Promise<Map<number, KnownList[]>> {
  const contents = await readContents(digest, quietly);
  const segments = contents?.segments.filter(wanted);
  if (segments !== undefined) evidence.expect?.(segments);
  return checkLists(before, digest, contents && { ...contents, segments: segments! }, context);
}

function addSections(
  plans: Map<number, { anchor: ChainHead | undefined; sealedRanges: SealedRange[]; lists: KnownList[] }>,
  before: Digest | undefined,
  digest: Digest,
  lists: ReadonlyMap<number, KnownList[]>,
): void {
  for (const head of digest.chains) {
    const anchor = before?.chains.find(({ chain }) => chain === head.chain);
    const plan = plans.get(head.chain) ?? { anchor, sealedRanges: [], lists: [] };
    plans.set(head.chain, plan);
    const { size: from, link } = plan.sealedRanges.at(-1)?.head ?? anchor ?? emptyHead(digest.tenant, head.chain);
    // A chain that shrank was reported; it is followed on from where it was longest.
    if (head.size > from) {
      const { tenant, seal, number } = digest;
      const window = sealWindow(before, digest.sealedAt, from === 0);
      plan.sealedRanges.push({ tenant, chain: head.chain, seal, digest: number, from, link, head, window });
    }
    plan.lists.push(...(lists.get(head.chain) ?? []));
  }
}

async function checkChains(
  plans: readonly ChainPlan[],
  context: ChainContext,
  options: VerifyOptions,
): Promise<ChainReport[]> {
  const { bound: boundOf, onProgress, runChain = checkChain } = options;
  const bounds = plans.map((plan) => {
    const { chain, anchor, sealedRanges } = plan;
    const size = sealedRanges.at(-1)?.head.size ?? anchor?.size ?? 0;
    const from = sealedRanges[0]?.from ?? size;
    return { chain, size, from, unsealed: false, ...(boundOf?.(plan, context.report) ?? { through: size }) };
  });
  const positions = bounds.reduce((sum, { from, through }) => sum + through - from, 0);
  const reports: ChainReport[] = [];
  let before = 0;
  for (const [i, plan] of plans.entries()) {
    const bound = bounds[i]!;
    const progress = (done: number) => onProgress?.(before + done, positions);
    const tally = await runChain(plan, bound.through, { ...context, unsealed: bound.unsealed, onProgress: progress });
    before += bound.through - bound.from;
    progress(0);
    const { chain, size, from, through } = bound;
    reports.push({ chain, size, from, through, tally });
  }
  return reports;
}
