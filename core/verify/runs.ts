import { type Finding, type FindingCode, finding, type OnFinding } from './finding.ts';
import type { Section } from './section.ts';

/** Findings about neighbouring positions become one, with what was expected and found at the first. */
export class RunReport {
  readonly #report: OnFinding;
  #open:
    | { code: FindingCode; section: Section; first: number; last: number; expected: string; found: string }
    | undefined;

  constructor(report: OnFinding) {
    this.#report = report;
  }

  add(code: FindingCode, section: Section, position: number, expected: string, found: string): void {
    const open = this.#open;
    if (open !== undefined && open.code === code && open.section === section && position === open.last + 1) {
      open.last = position;
      return;
    }
    this.flush();
    this.#open = { code, section, first: position, last: position, expected, found };
  }

  /** `rename` may give the last run another name, once it is known where it ends. */
  flush(rename: (open: { code: FindingCode; first: number; last: number }) => FindingCode = ({ code }) => code): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    const { tenant, chain, seal, digest } = open.section;
    const { first, last, expected, found } = open;
    const details: Omit<Finding, 'code' | 'verdict'> = { tenant, chain, seal, digest, first, last, expected, found };
    this.#report(finding(rename(open), details));
  }
}
