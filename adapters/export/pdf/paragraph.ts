/** A text cut into runs: stretches of one font, one direction and one look, and where its lines may end (UAX #9 and #14). */

import bidiFactory, { type Bidi } from 'bidi-js';
import LineBreaker from 'linebreak';
import type { Face, Faces, Shaped } from './faces.ts';
import { CLUSTER, ISOLATE_END, ISOLATE_START, PLAIN, SPELLED_START } from './spelling.ts';

/** Why a text has its colour: it is the entry's, the report's own, or a character that is spelled out. */
export type Look = 'text' | 'quiet' | 'spelled';

export interface TextRun {
  readonly text: string;
  readonly face: Face;
  readonly look: Look;
  /** Of embedding: odd is right-to-left. */
  readonly level: number;
  readonly shaped: Shaped;
}

export interface Style {
  /** Left to right whatever it says, or as its first letter with a direction has it. */
  readonly direction: 'ltr' | 'auto';
  readonly bold?: boolean;
  /** Of what stands outside of isolates. */
  readonly outside: Look;
}

/** The package is CommonJS, whose one export is the factory; its types describe its ES module. */
const bidi = (bidiFactory as unknown as () => Bidi)();
/** Letters that are written from right to left, and numbers that follow them. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const ISOLATES = new RegExp(`[${SPELLED_START}${ISOLATE_START}${ISOLATE_END}]`);
/** Blanks and punctuation, which fonts of several scripts have; no brackets, which are turned round one by one. */
const NEUTRAL = /^[ -'*-/:;=?@\\^_`|~]$/;

/** A letter with its marks, and how it looks. */
interface Cluster {
  readonly text: string;
  readonly start: number;
  readonly face: Face;
  readonly look: Look;
  readonly level: number;
}

export class Paragraph {
  readonly text: string;
  /** Its direction: 1 is right to left. */
  readonly level: number;
  readonly #faces: Faces;
  readonly #style: Style;
  /** None of what is plain, in which each character is one. */
  readonly #clusters: readonly Cluster[] | undefined;

  constructor(text: string, style: Style, faces: Faces) {
    this.text = text;
    this.#faces = faces;
    this.#style = style;
    const turns = RIGHT_TO_LEFT.test(text) ? bidi.getEmbeddingLevels(text, style.direction) : undefined;
    this.level = turns?.paragraphs[0]?.level ?? 0;
    this.#clusters = PLAIN.test(text) ? undefined : [...clustersOf(text, faces, style.outside, turns?.levels)];
  }

  /** Ends of the pieces between which a line may end. */
  *ends(): Generator<number, void, undefined> {
    const breaker = new LineBreaker(this.text);
    for (let next = breaker.nextBreak(); next !== null; next = breaker.nextBreak()) yield next.position;
  }

  /** Ends of its letters, each with its marks, between two places: at most so many. */
  clusterEnds(start: number, end: number, most: number): number[] {
    if (this.#clusters === undefined)
      return Array.from({ length: Math.min(end - start, most) }, (_, i) => start + i + 1);
    return this.#between(start, end, most).map((cluster) => cluster.start + cluster.text.length);
  }

  /** What stands between two places, in the order in which it is read. */
  runs(start: number, end: number): TextRun[] {
    if (start === end) return [];
    if (this.#clusters === undefined) {
      const face = this.#faces.named(this.#style.bold ? 'bold' : 'regular');
      return [runOf(this.text.slice(start, end), { face, look: this.#style.outside, level: 0 })];
    }
    const runs: TextRun[] = [];
    let text = '';
    const clusters = this.#between(start, end);
    for (const [i, cluster] of clusters.entries()) {
      text += cluster.text;
      const next = clusters[i + 1];
      if (next?.face === cluster.face && next.look === cluster.look && next.level === cluster.level) continue;
      runs.push(runOf(text, cluster));
      text = '';
    }
    return runs;
  }

  #between(start: number, end: number, most = Number.POSITIVE_INFINITY): Cluster[] {
    const clusters = this.#clusters ?? [];
    const found: Cluster[] = [];
    for (let i = firstFrom(clusters, start); i < clusters.length && found.length < most; i++) {
      if (clusters[i]!.start >= end) break;
      found.push(clusters[i]!);
    }
    return found;
  }
}

function firstFrom(clusters: readonly Cluster[], start: number): number {
  let low = 0;
  let high = clusters.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (clusters[middle]!.start < start) low = middle + 1;
    else high = middle;
  }
  return low;
}

function* clustersOf(
  text: string,
  faces: Faces,
  outside: Look,
  levels: Uint8Array | undefined,
): Generator<Cluster, void, undefined> {
  const looks: Look[] = [outside];
  let before: Cluster | undefined;
  for (const { index: start, 0: letters } of text.matchAll(CLUSTER)) {
    if (letters === ISOLATE_START) looks.push('text');
    if (letters === SPELLED_START) looks.push('spelled');
    if (letters === ISOLATE_END && looks.length > 1) looks.pop();
    if (ISOLATES.test(letters)) continue;
    const level = levels?.[start] ?? 0;
    const follows = before !== undefined && NEUTRAL.test(letters) && (letters === ' ' || level % 2 === 1);
    // A blank between two words of one script is of their font, so that they are one stretch for a search too.
    const face = follows && before!.face.has(letters.charCodeAt(0)) ? before!.face : faces.of(letters);
    if (face === undefined) throw new Error('a text was laid out whose characters no font has: spell it out before');
    before = { text: letters, start, face, look: looks.at(-1)!, level };
    yield before;
  }
}

function runOf(text: string, { face, look, level }: Pick<Cluster, 'face' | 'look' | 'level'>): TextRun {
  const rightToLeft = level % 2 === 1;
  return { text, face, look, level, shaped: face.shaped(rightToLeft ? mirrored(text) : text, rightToLeft) };
}

/** Brackets open towards what they hold. */
function mirrored(text: string): string {
  return Array.from(text, (character) => bidi.getMirroredCharacter(character) ?? character).join('');
}
