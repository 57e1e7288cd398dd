// Writes one group, and decides after each attempt what to do next.
import type { Block } from '../../core/block/block.ts';
import type { BlockStart } from '../../core/block/codec.ts';
import { equalBytes } from '../../core/crypto.ts';
import type { ChainSelector } from './chain-selector.ts';
import { isOurs, type LinkedGroup, linkGroup } from './commit.ts';
import type { Deadlines } from './deadline.ts';
import { ChainNotIntact, IdempotencyMismatch, RequestNotIntact } from './errors.ts';
import { formGroup, type Group } from './group.ts';
import { blockFault, type Checking } from './head.ts';
import type { HeadCache } from './head-cache.ts';
import type { Options } from './options.ts';
import { type CommitOutcome, type RequestRecord, StoreUnavailable } from './port.ts';
import { recallReceipts } from './recall.ts';
import type { Pending } from './request.ts';

/** A position lost when the chain's end was cached for longer than this was lost by being away, not in a race. */
const RACE_MS = 1_000;

type Refused = Extract<CommitOutcome, { kind: 'refused' }>;

/** Where the next block goes, and when that was last known to be the chain's end. */
export interface NextPlace {
  readonly place: BlockStart;
  readonly since: number;
}

/** The tenant's writer, as far as writing one group needs it. */
export interface Writer {
  readonly tenant: string;
  readonly options: Options;
  readonly heads: HeadCache;
  readonly selector: ChainSelector;
  readonly deadlines: Deadlines;
  /**
   * Where the next block goes; undefined when the store can't tell and nobody waits for it any longer. Throws NoIntactChain.
   */
  place(waiting: () => readonly Pending[]): Promise<NextPlace | undefined>;
  /** Back to the front of the queue: their group has become too small to hold them. */
  requeue(members: readonly Pending[]): void;
  /** Not to be told of the chain again for a while: what stands at its end is not the chain's. */
  avoid(error: ChainNotIntact): void;
}

/**
 * Writes a group until it is durable or nobody waits for it any longer. Settles every member, but for repeats, which
 * are settled beside it.
 *
 * The crash windows: an attempt that failed may have been persisted, or may be yet. As long as one may, only the same
 * write at the same position is tried again: either it succeeds, or the position turns out to be taken, by us or by
 * somebody else. Only in the latter case has nothing been written, and only then may the entries go elsewhere.
 */
export async function writeGroup(writer: Writer, group: Group, next: NextPlace): Promise<void> {
  const attempts = new Attempts(writer, group, next);
  while (await attempts.next()) {
    // Each turn is one attempt.
  }
}

class Attempts {
  readonly #writer: Writer;
  #linked: LinkedGroup;
  #since: number;
  #attempt = 0;
  #losses = 0;
  /** An attempt at the current place failed in a way that may have persisted it. */
  #unresolved = false;
  /** The last loss was by being away: the winner may be old too. */
  #wasAway = false;

  constructor(writer: Writer, group: Group, next: NextPlace) {
    this.#writer = writer;
    this.#linked = this.#link(group, next);
    this.#since = next.since;
  }

  get #members(): readonly Pending[] {
    return this.#linked.group.members;
  }

  /** One attempt; false when it was the last. */
  async next(): Promise<boolean> {
    const { options, heads, deadlines } = this.#writer;
    const sentAt = options.clock.now();
    if (this.#unresolved && !heads.isFresh(this.#since)) {
      // So late that the position may have been taken and have expired: repeating the write could fork the chain.
      deadlines.dismiss(this.#members, new Error('the outcome of the write could not be learned in time'));
      return false;
    }
    try {
      const outcome = await options.store.commit(this.#linked.commit);
      this.#attempt += 1;
      if (outcome.kind === 'refused' && !isOurs(this.#linked.commit, outcome)) return this.#refused(outcome, sentAt);
      heads.learn(this.#linked.place.chain, this.#linked.head, sentAt);
      for (const member of this.#members) if (!member.settled) member.acknowledge(this.#linked.receiptsOf(member));
      return false;
    } catch (error) {
      const known = error instanceof StoreUnavailable;
      if (!known || error.ambiguous) heads.forget(this.#linked.place.chain);
      if (!known) throw error;
      return this.#failed(error);
    }
  }

  async #failed(error: StoreUnavailable): Promise<boolean> {
    this.#unresolved ||= error.ambiguous;
    if (!(await this.#writer.deadlines.wait(() => this.#members, this.#attempt++, error))) return false;
    if (this.#unresolved) return true;
    // One key takes 1,000 write units a second: throttling and conflicts are reasons to go elsewhere, as losses are.
    this.#losses += 1;
    this.#writer.selector.lost(this.#losses);
    return this.#relink(new Set());
  }

  async #refused(outcome: Refused, sentAt: number): Promise<boolean> {
    this.#unresolved = false;
    const repeats = this.#settleRepeats(outcome.requests, outcome.damaged?.requests ?? []);
    const fault = faultInTheWay(this.#linked, outcome, this.#checking);
    if (fault !== undefined) this.#writer.avoid(fault);
    else if (outcome.blocks.length > 0) this.#lost(outcome.blocks, sentAt);
    return this.#relink(repeats);
  }

  get #checking(): Checking {
    const { store, compression, clock } = this.#writer.options;
    return { store, compression, now: clock.now };
  }

  /** The winner's block tells where the chain goes on, without a read. */
  #lost(winners: readonly Block[], sentAt: number): void {
    const { heads, selector, options } = this.#writer;
    const { chain, position } = this.#linked.place;
    const away = sentAt - this.#since > RACE_MS;
    const winner = winners.find((block) => block.position === position);
    // After an absence the winner's block is the next one, not the newest; going on block by block would never catch up.
    if (this.#wasAway || winner === undefined) heads.forget(chain);
    else heads.learn(chain, { next: winner.position + winner.count, link: winner.link }, sentAt);
    this.#wasAway = away;
    if (!away) {
      this.#losses += 1;
      selector.lost(this.#losses);
    }
    options.onLoss();
  }

  async #relink(leaving: ReadonlySet<Pending>): Promise<boolean> {
    const { deadlines } = this.#writer;
    const late = new Error('positions were lost to other writers until the time was up');
    const staying = this.#members.filter((member) => !leaving.has(member));
    if (!deadlines.dismissLate(staying, this.#attempt, late)) return false;
    const next = await this.#writer.place(() => staying);
    if (next === undefined) return false;
    this.#linked = this.#link(this.#regroup(staying), next);
    this.#since = next.since;
    return true;
  }

  #link(group: Group, { place }: NextPlace): LinkedGroup {
    const { clock } = this.#writer.options;
    return linkGroup(group, place, clock.token(), clock.now());
  }

  /** The same contents where nobody left, so that nothing is compressed or hashed again. */
  #regroup(staying: readonly Pending[]): Group {
    const members = staying.filter(({ settled }) => !settled);
    if (members.length === this.#members.length) return this.#linked.group;
    const group = formGroup(members, this.#writer.options.compression);
    this.#writer.requeue(members.slice(group.members.length));
    return group;
  }

  #settleRepeats(records: readonly RequestRecord[], damaged: readonly string[]): ReadonlySet<Pending> {
    const repeats = new Set<Pending>();
    const memberOf = (request: string) => this.#members.find(({ keyed }) => keyed?.request === request);
    // Whether it was recorded, nobody can tell: neither acknowledged nor written a second time.
    for (const member of damaged.flatMap((request) => memberOf(request) ?? [])) {
      repeats.add(member);
      if (!member.settled) member.fail(new RequestNotIntact());
    }
    for (const record of records) {
      const member = memberOf(record.request);
      if (member?.keyed === undefined) continue;
      repeats.add(member);
      if (member.settled) continue;
      if (equalBytes(member.keyed.digest, record.digest)) void this.#answerRepeat(member, record);
      else member.fail(new IdempotencyMismatch(record.runs.reduce((sum, { count }) => sum + count, 0)));
    }
    return repeats;
  }

  async #answerRepeat(member: Pending, record: RequestRecord): Promise<void> {
    const { tenant, options, deadlines } = this.#writer;
    for (let attempt = 0; ; attempt++) {
      try {
        const count = member.entries.length;
        member.acknowledge(await recallReceipts({ tenant, record, count }, options.store, options.compression));
        return;
      } catch (error) {
        if (error instanceof StoreUnavailable && (await deadlines.wait(() => [member], attempt, error))) continue;
        if (!member.settled) member.fail(error);
        return;
      }
    }
  }
}

/**
 * Why the block that took our position can't be built on: a race's winner continues the chain as we would have, and gives
 * its own link.
 */
function faultInTheWay({ place }: LinkedGroup, outcome: Refused, checking: Checking): ChainNotIntact | undefined {
  const fault = (reason: string, position: number) => new ChainNotIntact(place.chain, reason, position);
  const [damaged] = outcome.damaged?.blocks ?? [];
  if (damaged !== undefined) return fault('malformed', damaged);
  const winner = outcome.blocks.find(({ position }) => position === place.position);
  if (winner === undefined) return undefined;
  if (!equalBytes(winner.previousLink, place.previousLink)) return fault('unlinked', winner.position);
  const reason = blockFault(winner, checking);
  return reason === undefined ? undefined : fault(reason, winner.position);
}
