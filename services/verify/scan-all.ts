import type { ScanStep } from './covered.ts';
import type { OnLiveFinding } from './finding.ts';

/** In which of several scans it stopped, and behind which key. */
export interface ScanCursor {
  readonly scan: number;
  readonly after: string;
}

/** Runs scans one after the other until time is up. */
export async function scanAll(
  scans: readonly ((after?: string) => AsyncIterable<ScanStep>)[],
  { report, isOver }: { readonly report: OnLiveFinding; readonly isOver: () => boolean },
  at: ScanCursor | undefined,
): Promise<ScanCursor | undefined> {
  for (let scan = at?.scan ?? 0; scan < scans.length; scan++) {
    const resume = at?.scan === scan ? at.after : undefined;
    for await (const { key, finding } of scans[scan]!(resume)) {
      if (finding !== undefined) report(finding);
      if (isOver()) return { scan, after: key };
    }
  }
  return undefined;
}
