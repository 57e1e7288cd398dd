// A group of requests as the blocks and records of one commit.
import { type BlockStart, encodeBlock, type LinkedBlock } from '../../core/block/codec.ts';
import { parseChainName } from '../../core/chain.ts';
import { equalBytes, toHex } from '../../core/crypto.ts';
import type { Group } from './group.ts';
import type { Commit, CommitOutcome, Head, ReceiptRun, RequestRecord } from './port.ts';
import type { Pending, Receipt } from './request.ts';

/** A group linked to a place in a chain: what one commit writes, and the receipts that it earns. */
export interface LinkedGroup {
  readonly group: Group;
  readonly place: BlockStart;
  readonly commit: Commit;
  /** The chain's end once this is committed. */
  readonly head: Head;
  readonly receiptsOf: (member: Pending) => readonly Receipt[];
}

/** `token` is new for each link: another place is another commit. */
export function linkGroup(group: Group, place: BlockStart, token: string, now: number): LinkedGroup {
  const linked: LinkedBlock[] = [];
  let at = place;
  for (const contents of group.contents) {
    const next = encodeBlock(at, contents, now);
    linked.push(next);
    at = { chain: place.chain, position: at.position + next.block.count, previousLink: next.block.link };
  }
  const blocks = linked.map(({ block }) => block);
  const firsts = firstPositions(group, place.position);
  return {
    group,
    place,
    commit: { token, blocks, requests: requestRecords(group, blocks, firsts, now) },
    head: { next: at.position, link: at.previousLink },
    receiptsOf: receiptsFrom(place, linked, firsts),
  };
}

function firstPositions(group: Group, start: number): ReadonlyMap<Pending, number> {
  const firsts = new Map<Pending, number>();
  let position = start;
  for (const member of group.members) {
    firsts.set(member, position);
    position += member.entries.length;
  }
  return firsts;
}

function requestRecords(
  group: Group,
  blocks: Commit['blocks'],
  firsts: ReadonlyMap<Pending, number>,
  now: number,
): RequestRecord[] {
  const records: RequestRecord[] = [];
  for (const member of group.members) {
    if (!member.keyed) continue;
    const first = firsts.get(member)!;
    const end = first + member.entries.length;
    const runs: ReceiptRun[] = [];
    for (const block of blocks) {
      const position = Math.max(first, block.position);
      const count = Math.min(end, block.position + block.count) - position;
      if (count > 0) runs.push({ chain: parseChainName(block.chain).chain, position, count, block: block.position });
    }
    records.push({ ...member.keyed, runs, recordedAt: now });
  }
  return records;
}

function receiptsFrom(place: BlockStart, linked: readonly LinkedBlock[], firsts: ReadonlyMap<Pending, number>) {
  const links = linked.length === 1 ? linked[0]!.links : linked.flatMap((block) => block.links);
  const { chain } = parseChainName(place.chain);
  return (member: Pending): readonly Receipt[] => {
    const first = firsts.get(member)!;
    return member.entries.map((entry, i) => ({
      id: entry.id,
      chain,
      position: first + i,
      leafHash: toHex(entry.leafHash),
      link: toHex(links[first + i - place.position]!),
      recordedAt: entry.recordedAt,
    }));
  };
}

/**
 * Whether what stands at our positions is what we wrote: an attempt whose answer was lost, ours or one that the SDK made
 * by itself. A link binds the position, everything before it and the entries with their ids, and the blocks of one
 * commit are there together or not at all.
 */
export function isOurs({ blocks }: Commit, outcome: Extract<CommitOutcome, { kind: 'refused' }>): boolean {
  return blocks.every((block) => {
    const found = outcome.blocks.find(({ position }) => position === block.position);
    return (
      found !== undefined &&
      found.count === block.count &&
      equalBytes(found.link, block.link) &&
      sameNames(found.requests, block.requests)
    );
  });
}

/** A string set comes back in any order. */
function sameNames(a: readonly string[], b: readonly string[]): boolean {
  const names = new Set(a);
  return names.size === b.length && b.every((name) => names.has(name));
}
