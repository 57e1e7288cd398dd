// Runs several scans one after the other.
import type { ScanStep } from './covered.ts';
import type { OnLiveFinding } from './finding.ts';
import type { KeyRange } from './scope.ts';

/** In which of several scans it stopped, and behind which key. */
export interface ScanCursor {
  readonly scan: number;
  readonly after: string;
}

/** One listing that is looked at. */
export interface Scan {
  readonly prefix: string;
  /** Keys up to this one were looked at before. */
  readonly after?: string;
  /** From the key after this one on. */
  open(after: string | undefined): AsyncIterable<ScanStep>;
}

/** Runs scans one after the other until time is up, each as far as its keys are in the range. */
export async function scanAll(
  scans: readonly Scan[],
  { from, to }: KeyRange,
  { report, isOver }: { readonly report: OnLiveFinding; readonly isOver: () => boolean },
  at: ScanCursor | undefined,
): Promise<ScanCursor | undefined> {
  for (let index = at?.scan ?? 0; index < scans.length; index++) {
    const scan = scans[index]!;
    if (isBeside(scan.prefix, { from, to })) continue;
    const after = latest(at?.scan === index ? at.after : undefined, scan.after, from);
    for await (const { key, finding } of scan.open(after)) {
      if (to !== undefined && key > to) break;
      if (finding !== undefined) report(finding);
      if (isOver()) return { scan: index, after: key };
    }
  }
  return undefined;
}

/** No key with the prefix is in the range. */
function isBeside(prefix: string, { from, to }: KeyRange): boolean {
  const isBehind = from !== undefined && from > prefix && !from.startsWith(prefix);
  return isBehind || (to !== undefined && to < prefix);
}

/** A bound before all keys of a listing is none: S3 begins it with its prefix. */
function latest(...keys: readonly (string | undefined)[]): string | undefined {
  const known = keys.filter((key) => key !== undefined).sort();
  return known.at(-1);
}
