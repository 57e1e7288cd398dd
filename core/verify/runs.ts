// Joins findings of neighbouring positions.
import { type Finding, type FindingCode, finding, type OnFinding } from './finding.ts';
import type { SealedRange } from './sealed-range.ts';

/** A finding about neighbouring positions that may go on. */
export interface OpenRun {
  readonly code: FindingCode;
  readonly sealedRange: SealedRange;
  readonly first: number;
  readonly last: number;
  readonly expected: string;
  readonly found: string;
}

/** Findings about neighbouring positions become one, with what was expected and found at the first. */
export class RunReport {
  readonly #report: OnFinding;
  #open: { -readonly [Key in keyof OpenRun]: OpenRun[Key] } | undefined;

  /** `open`: where another one was suspended. */
  constructor(report: OnFinding, open?: OpenRun) {
    this.#report = report;
    this.#open = open && { ...open };
  }

  /** What is not reported yet, for whoever goes on. */
  suspend(): OpenRun | undefined {
    const open = this.#open;
    this.#open = undefined;
    return open;
  }

  add(code: FindingCode, sealedRange: SealedRange, position: number, expected: string, found: string): void {
    const open = this.#open;
    if (open !== undefined && open.code === code && open.sealedRange === sealedRange && position === open.last + 1) {
      open.last = position;
      return;
    }
    this.flush();
    this.#open = { code, sealedRange, first: position, last: position, expected, found };
  }

  /** `rename` may give the last run another name, once it is known where it ends. */
  flush(rename: (open: { code: FindingCode; first: number; last: number }) => FindingCode = ({ code }) => code): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const { tenant, chain, seal, digest } = open.sealedRange;
    const { first, last, expected, found } = open;
    const details: Omit<Finding, 'code' | 'verdict'> = { tenant, chain, seal, digest, first, last, expected, found };
    this.#report(finding(rename(open), details));
  }
}
