// Gives each position of a chain its verdict.
import { equalBytes, HASH_BYTES, toHex } from '../crypto.ts';
import { TILE_WIDTH } from '../tiles/shape.ts';
import { type Align, alignerOf } from './align.ts';
import type { ChainTiles } from './chain-tiles.ts';
import { addEntries } from './entries.ts';
import type { LeafBatch } from './evidence.ts';
import { finding, type OnFinding } from './finding.ts';
import { Lookahead } from './lookahead.ts';
import { type OpenRun, RunReport } from './runs.ts';
import type { SealedRange } from './sealed-range.ts';
import type { MutableTally } from './tally.ts';
import type { Excuse } from './tombstones.ts';
import { type UnprovenRange, UnprovenRangeCheck } from './unproven-range.ts';

export interface BodyTask {
  /** Neighbouring sealed ranges of one chain, in order. */
  readonly sealedRanges: readonly SealedRange[];
  /** Positions to check: from `from` to before `through`, inside the sealed ranges. */
  readonly from: number;
  readonly through: number;
  /** Nothing of the chain was sealed beyond: what is missing at the end is its tail. */
  readonly last: boolean;
  /** Bodies behind the last position are passed over; without it they are findings. */
  readonly unsealed?: boolean;
  readonly tiles: ChainTiles;
  readonly unproven: readonly UnprovenRange[];
  /** What was found up to `from` when another check paused there. */
  readonly open?: OpenRun | undefined;
  /** What makes the absence of the body lawful; asked for rising positions. */
  readonly expired: (position: number) => Promise<Excuse | undefined>;
}

/**
 * Gives each body its position and each position its verdict. Where bodies come without positions, their hashes say
 * where they belong, so that one that is gone does not make all that follow wrong.
 */
export class BodyCheck {
  readonly #task: BodyTask;
  readonly #tally: MutableTally;
  readonly #report: OnFinding;
  readonly #runs: RunReport;
  readonly #align: Align;
  readonly #bodies: Lookahead;
  #at: number;
  #sealedRange = 0;
  #unproven: readonly UnprovenRange[];
  #unprovenCheck: UnprovenRangeCheck | undefined;
  /** After a pause: what may go on behind it. */
  open: OpenRun | undefined;

  constructor(task: BodyTask, leaves: AsyncIterable<LeafBatch>, tally: MutableTally, report: OnFinding) {
    this.#task = task;
    this.#tally = tally;
    this.#report = report;
    this.#runs = new RunReport(report, task.open);
    this.#bodies = new Lookahead(leaves, (bytes) => {
      tally.bytes += bytes;
    });
    this.#align = alignerOf(this.#bodies, task.tiles, task.through);
    this.#unproven = task.unproven.filter(({ through }) => through > task.from);
    this.#at = task.from;
  }

  /** The next position to check. */
  get position(): number {
    return this.#at;
  }

  /** Checks on until the end, or until `shouldPause` says so where that is possible; true at the end. */
  async run(shouldPause: () => boolean = () => false): Promise<boolean> {
    while (this.#at < this.#task.through) {
      if (this.#unprovenCheck === undefined && shouldPause()) return this.#pause();
      this.#enter();
      if (!(await this.#takeRun())) await this.#step();
      this.#leave();
    }
    await this.#dropRest();
    const { last, through, sealedRanges } = this.#task;
    this.#runs.flush((open) => {
      const tail = last && open.last === through - 1 && open.first > sealedRanges[0]!.from;
      return tail && open.code === 'body-missing' ? 'tail-missing' : open.code;
    });
    await this.#bodies.close();
    return true;
  }

  async #pause(): Promise<false> {
    this.open = this.#runs.suspend();
    await this.#bodies.close();
    return false;
  }

  #enter(): void {
    const { sealedRanges } = this.#task;
    while (this.#sealedRange < sealedRanges.length - 1 && sealedRanges[this.#sealedRange]!.head.size <= this.#at)
      this.#sealedRange++;
    const next = this.#unproven[0];
    if (this.#unprovenCheck !== undefined || next === undefined || next.from > this.#at) return;
    this.#unprovenCheck = new UnprovenRangeCheck(next);
    this.#unproven = this.#unproven.slice(1);
  }

  /** Takes the bodies that are just what the tiles say; false when the next one is not. */
  async #takeRun(): Promise<boolean> {
    await this.#bodies.fill(1);
    const at = this.#at;
    const unprovenEnd = this.#unprovenCheck?.unproven.through ?? this.#unproven[0]?.from ?? Number.MAX_VALUE;
    const end = Math.min(this.#task.through, this.#current.head.size, unprovenEnd);
    const expected = (await this.#task.tiles.leaves(at, end)) ?? new Uint8Array();
    const bodies = this.#bodies.front();
    const count = this.#bodies.claiming(at, commonHashes(expected, bodies));
    if (count === 0) return false;
    this.#take(bodies.subarray(0, count * HASH_BYTES), expected.subarray(0, count * HASH_BYTES));
    return true;
  }

  async #step(): Promise<void> {
    const expected = await this.#expectedAt(this.#at);
    if ((await this.#bodies.fill(1)) === 0) return this.#skip(expected);
    const alignment = await this.#align(this.#at, expected, () => this.#task.expired(this.#at));
    if (alignment.kind === 'extra') this.#dropExtra(alignment.of);
    else if (alignment.kind === 'absent') await this.#skip(expected, alignment.elsewhere);
    else this.#takeOne(this.#bodies.at(0), expected, alignment.kind === 'misplaced' ? alignment.of : undefined);
  }

  async #expectedAt(position: number): Promise<Uint8Array | undefined> {
    const leaf = await this.#task.tiles.leaf(position);
    return leaf?.length === HASH_BYTES ? leaf : undefined;
  }

  #take(bodies: Uint8Array, expected: Uint8Array | undefined): void {
    const count = bodies.length / HASH_BYTES;
    const found = this.#bodies.check(count, this.#at, this.#current.window);
    if (this.#unprovenCheck !== undefined) this.#unprovenCheck.take(this.#at, bodies, expected, found);
    else {
      this.#tally.intact += count;
      addEntries(this.#runs, this.#current, found);
    }
    this.#at += count;
    this.#bodies.drop(count);
  }

  #takeOne(body: Uint8Array, expected: Uint8Array | undefined, of: number | undefined): void {
    if (this.#unprovenCheck !== undefined || expected === undefined || equalBytes(body, expected)) {
      this.#take(body, expected);
      return;
    }
    const found = of === undefined ? toHex(body) : `${toHex(body)}, the entry of position ${of}`;
    this.#runs.add(
      of === undefined ? 'body-altered' : 'body-misplaced',
      this.#current,
      this.#at,
      toHex(expected),
      found,
    );
    this.#tally.altered++;
    this.#at++;
    this.#bodies.drop(1);
  }

  /** The position has no body. */
  async #skip(expected: Uint8Array | undefined, elsewhere?: number): Promise<void> {
    const excuse = await this.#task.expired(this.#at);
    const want = expected === undefined ? 'an entry' : toHex(expected);
    const expired = excuse !== undefined;
    // One that is found elsewhere is not gone.
    if (expired && (elsewhere === undefined || this.#unprovenCheck !== undefined)) this.#excuse(excuse, want);
    if (this.#unprovenCheck !== undefined) this.#unprovenCheck.skip(expired);
    else if (elsewhere !== undefined) {
      this.#tally.altered++;
      this.#runs.add('body-misplaced', this.#current, this.#at, want, `it stands at position ${elsewhere}`);
    } else if (!expired) {
      this.#tally.missing++;
      this.#runs.add('body-missing', this.#current, this.#at, want, 'no entry');
    }
    this.#at++;
  }

  #excuse(excuse: Excuse, want: string): void {
    if (excuse === 'sealed') {
      this.#tally.expired++;
      return;
    }
    this.#tally.unconfirmed = (this.#tally.unconfirmed ?? 0) + 1;
    this.#runs.add('body-unconfirmed', this.#current, this.#at, want, 'a tombstone that no digest has sealed yet');
  }

  #dropExtra(of: number | undefined): void {
    this.#runs.flush();
    const { tenant, chain, seal, digest } = this.#current;
    const where = { tenant, chain, seal, digest, first: this.#at, last: this.#at };
    const found = toHex(this.#bodies.at(0));
    const [code, what] = of === undefined ? (['body-inserted', found] as const) : repeated(found, of);
    this.#report(finding(code, { ...where, expected: 'no further entry before this position', found: what }));
    this.#bodies.drop(1);
  }

  /** Bodies behind the last position. */
  async #dropRest(): Promise<void> {
    const { sealedRanges } = this.#task;
    while (this.#sealedRange < sealedRanges.length - 1 && sealedRanges[this.#sealedRange]!.head.size < this.#at)
      this.#sealedRange++;
    while ((await this.#bodies.fill(1)) > 0) {
      const position = this.#bodies.position(0);
      if (position !== undefined && position >= this.#task.through) return;
      if (this.#task.unsealed === true) {
        this.#bodies.drop(1);
        continue;
      }
      const alignment = await this.#align(this.#at, undefined, async () => undefined);
      this.#dropExtra(alignment.kind === 'extra' ? alignment.of : undefined);
    }
  }

  /** At the end of an unproven range: the bodies either prove themselves or nothing does. */
  #leave(): void {
    const check = this.#unprovenCheck;
    if (check === undefined || this.#at < check.unproven.through) return;
    this.#unprovenCheck = undefined;
    const { sealedRange, from, through } = check.unproven;
    const { tenant, chain, seal, digest } = sealedRange;
    const add = (
      code: 'skeleton-altered' | 'run-altered' | 'run-unproven' | 'body-missing',
      first: number,
      last: number,
    ) => {
      const found = `${check.present} entries and tiles that do not`;
      this.#report(finding(code, { tenant, chain, seal, digest, first, last, expected: check.expected, found }));
    };
    const { first, last } = check.difference ?? { first: from, last: through - 1 };
    if (check.bodiesProven) {
      this.#tally.intact += check.present;
      addEntries(this.#runs, sealedRange, check.found);
      if (!check.tilesAbsent) add('skeleton-altered', first, last);
    } else if (check.present === 0 && check.missing === 0) {
      add('skeleton-altered', from, through - 1);
    } else if (check.tilesAbsent && check.missing === 0 && check.expired > 0) {
      // What has expired left its hash in the tiles alone, and without it nothing beside it can be proven.
      add('run-unproven', from, through - 1);
    } else {
      const onlyMissing = check.tilesAbsent && check.missing > 0;
      this.#tally[onlyMissing ? 'missing' : 'altered'] += through - from - check.expired;
      add(onlyMissing ? 'body-missing' : 'run-altered', from, through - 1);
    }
  }

  get #current(): SealedRange {
    return this.#task.sealedRanges[this.#sealedRange]!;
  }
}

function repeated(found: string, of: number) {
  return ['body-repeated', `${found}, the entry of position ${of}`] as const;
}

/** How many hashes two runs begin with in common. */
function commonHashes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length, TILE_WIDTH * HASH_BYTES);
  let at = 0;
  while (at < length && a[at] === b[at]) at++;
  return Math.floor(at / HASH_BYTES);
}
