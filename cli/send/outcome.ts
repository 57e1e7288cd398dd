// Counts what became of the lines.
import { visible } from '../../core/visible.ts';
import type { Line } from './lines.ts';

/** How many places are shown for one reason of refusal; the rest are counted. */
const SHOWN_PLACES = 10;

/** What became of every line that was read: each is accepted, recorded already, put on the bus or refused. */
export class Outcome {
  accepted = 0;
  /** On the event bus; whether they are new is known behind it only. */
  published = 0;
  /** By an earlier run, or as a line of a file that begins alike. */
  repeated = 0;
  refused = 0;
  readonly #reasons = new Map<string, { count: number; places: string[] }>();

  accept(count: number): void {
    this.accepted += count;
  }

  publish(count: number): void {
    this.published += count;
  }

  repeat(count: number): void {
    this.repeated += count;
  }

  refuse({ place }: Pick<Line, 'place'>, reason: string): void {
    this.refused++;
    const seen = this.#reasons.get(reason) ?? { count: 0, places: [] };
    seen.count++;
    if (seen.places.length < SHOWN_PLACES) seen.places.push(place);
    this.#reasons.set(reason, seen);
  }

  /** Entries are known by their places: what is corrected in its place may move those behind it. */
  #advice(): string[] {
    if (this.refused === 0) return [];
    return [
      'Correct what was refused and send it as a file of its own. Sent again in this file, entries behind it may be recorded',
      'twice; as it is, this file can be sent again for seven days, and nothing of it is.',
    ];
  }

  summary(): string {
    const repeated = this.repeated === 0 ? '' : `already recorded ${this.repeated}, `;
    const published = this.published === 0 ? '' : `put on the event bus ${this.published}, `;
    const lines = [`accepted ${this.accepted}, ${repeated}${published}refused ${this.refused}`];
    for (const [reason, { count, places }] of this.#reasons) {
      const more = count > places.length ? ` and ${count - places.length} more` : '';
      lines.push(`  ${count} × ${visible(reason)}`, `      at ${visible(places.join(', '))}${more}`);
    }
    return `${[...lines, ...this.#advice()].join('\n')}\n`;
  }
}
