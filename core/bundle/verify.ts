// Verifies a bundle: its container, its checkpoint and all evidence in it.
import { DAY_MS } from '../../names/time.ts';
import type { VerifierKey } from '../note/key.ts';
import { finding, type OnFinding } from '../verify/finding.ts';
import type { ChainReport, Report } from '../verify/report.ts';
import { type ChainRunner, verifyEvidence } from '../verify/verify.ts';
import { openZip } from '../zip/archive.ts';
import type { Inflating } from '../zip/port.ts';
import type { ZipSource } from '../zip/source.ts';
import { checkSeals } from './consistency.ts';
import { asBundle, type ContainedFile, type Container, rooted, zipContainer } from './container.ts';
import { BundleError } from './error.ts';
import { BundleEvidence, type LeafSource } from './evidence.ts';
import { type BundleFile, FILES, fileAt } from './files.ts';
import type { Manifest } from './manifest.ts';
import { type OpenBundle, openBundle, openNote } from './open.ts';
import { Scope, sizeOf, startOf } from './scope.ts';
import { demandTiles, isNeeded } from './tiles.ts';

export interface BundleOptions {
  /** Of the log, from somewhere that is trusted. Without them the bundle's own are used, which prove little. */
  readonly keys?: readonly VerifierKey[];
  /** The signed note of a checkpoint that was kept. */
  readonly known?: Uint8Array;
  /** By the clock of whoever verifies: without it, a bundle's own word for when it was made is all there is. */
  readonly now?: Date;
  /** The newest digest has to be of this day (UTC) or later. */
  readonly expectThrough?: string;
  readonly onProgress?: (positionsDone: number, positions: number) => void;
  /** How the work is spread; by default everything is done here. */
  readonly leaves?: LeafSource;
  readonly runChain?: ChainRunner;
}

export interface BundleReport extends Report {
  readonly manifest: Manifest;
  readonly keys: { readonly from: 'given' | 'bundle'; readonly keys: readonly VerifierKey[] };
}

/** Verifies all that an archive holds, to its last byte. Throws as `verifyContainer` does. */
export async function verifyBundle(
  source: ZipSource,
  inflating: Inflating,
  options: BundleOptions = {},
): Promise<BundleReport> {
  return verifyContainer(zipContainer(await asBundle(() => openZip(source, inflating))), options);
}

/**
 * Verifies every file that an archive, or the folder that one was unpacked into, holds to its last byte. Throws a
 * BundleError where it is no bundle, or none of the log that the keys are of: such a thing is evidence of nothing.
 */
export async function verifyContainer(container: Container, options: BundleOptions = {}): Promise<BundleReport> {
  return asBundle(async () => {
    const bundle = await openBundle(rooted(container, FILES.manifest));
    const { manifest, ownKeys, note } = bundle;
    const keys = options.keys ?? ownKeys;
    const checkpoint = openNote(note, keys, 'the checkpoint of the bundle');
    demandOwnKeys(note, ownKeys);
    if (manifest.log !== checkpoint.origin) throw new BundleError('manifest', 'got a manifest of another log');
    const evidence = new BundleEvidence(bundle, checkpoint, options.leaves);
    const known = options.known && openNote(options.known, keys, 'the known checkpoint');
    const scope = new Scope(manifest);
    const report = await verifyEvidence(evidence, {
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
      ...(options.runChain === undefined ? {} : { runChain: options.runChain }),
      madeAt: madeAt(manifest, options.now),
      bound: (plan, report) => {
        const bound = scope.bound(plan, report);
        demandTiles(bundle.files, plan.chain, plan.anchor?.size ?? 0, sizeOf(plan));
        return bound;
      },
      async checkMore(digests, places, report) {
        scope.checkDigests(digests, report);
        const { tenant, log, first } = evidence;
        const seals = { tenant, log, seals: evidence.seals(), first, digests: places };
        await checkSeals(known === undefined ? seals : { ...seals, known }, report);
        checkEnd(options.expectThrough, manifest.tenant, digests?.lastSealedAt, report);
      },
    });
    await checkRest(bundle, evidence, report);
    return { ...report, manifest, keys: { from: options.keys === undefined ? 'bundle' : 'given', keys } };
  });
}

/** Clocks may differ by this much; who says that a bundle was made later than that makes it up. */
const CLOCK_SLACK_MS = DAY_MS;

function madeAt({ createdAt }: Manifest, now: Date | undefined): string {
  const latest = now && new Date(now.getTime() + CLOCK_SLACK_MS).toISOString();
  return latest !== undefined && latest < createdAt ? latest : createdAt;
}

/** They decide nothing where others are given. But readers who have none take them for the log's, and an honest bundle's fit it. */
function demandOwnKeys(note: Uint8Array, ownKeys: readonly VerifierKey[]): void {
  try {
    openNote(note, ownKeys, 'the checkpoint of the bundle');
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    throw new BundleError('keys', 'got keys that did not sign the checkpoint beside them', FILES.keys, error);
  }
}

function checkEnd(day: string | undefined, tenant: string, sealedAt: string | undefined, report: OnFinding): void {
  if (day === undefined || sealedAt === undefined || sealedAt >= startOf(day)) return;
  report(finding('ends-early', { tenant, expected: `a digest of ${day} or later`, found: sealedAt }));
}

/**
 * Files that nothing names may be anything, so a bundle that has some is never found intact; where something was found
 * already, what is missing may be what names them. Files that nobody had to read are read for their sums.
 */
async function checkRest({ files, manifest }: OpenBundle, evidence: BundleEvidence, report: Report): Promise<void> {
  const intact = report.verdict === 'intact';
  const chains = new Map(report.chains.map((chain) => [chain.chain, chain]));
  for (const { chain } of manifest.chains) {
    if (intact && !chains.has(chain)) throw new BundleError('scope', `no digest of the bundle has chain ${chain}`);
  }
  for (const entry of files.files) {
    const file = fileAt(entry.path)!;
    const chain = 'chain' in file ? chains.get(file.chain) : undefined;
    if (intact && !isNamed(entry, file, evidence, chain)) {
      throw new BundleError('unnamed-file', 'nothing in the bundle needs this file', entry.path);
    }
    if (evidence.done.has(entry.path)) continue;
    for await (const _ of files.stream(entry.path));
  }
}

function isNamed(
  { path, size }: ContainedFile,
  file: BundleFile,
  evidence: BundleEvidence,
  chain?: ChainReport,
): boolean {
  if (file.kind === 'document') return evidence.named.has(path);
  if (chain === undefined) return file.kind === 'fixed' || file.kind === 'unsealed';
  if (file.kind === 'tile') return isNeeded(file.tile, chain.from, chain.size);
  // Where the digests add nothing to a chain, nobody looks for its entries.
  return chain.from < chain.size || size === 0;
}
