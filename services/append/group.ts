// Which waiting requests share the next block.
import type { Compression } from '../../core/block/block.ts';
import type { Contents } from '../../core/block/codec.ts';
import { encodePayload, MAX_BLOCK_CONTENT_BYTES } from '../../core/block/payload.ts';
import type { PreparedEntry } from '../../core/entry/context.ts';
import { MAX_BLOCK_BYTES, MAX_BLOCK_ENTRIES } from '../../core/limits.ts';
import type { Pending } from './request.ts';

/** DynamoDB takes 100 actions in one transaction: one is the block, each key is another. */
const MAX_KEYS = 99;

/**
 * Keys are named in the block's item, which holds 400 KB (409,600 bytes) with at most 390,000 of them entries. One
 * request's name is at most 128 + 1 + 64 + 1 bytes and 256 characters, so at most 962 bytes.
 */
const MAX_KEY_BYTES = 16_000;

/** Aim below the limit when cutting, so that an uneven rest still fits the first time. */
const FILL = 0.9;

/** Requests that are written together: in one block, or one request in as many as it needs. */
export interface Group {
  readonly members: readonly Pending[];
  readonly contents: readonly Contents[];
}

/**
 * The longest run from the front of the queue that fits one block, or its first request alone. Strictly in order of
 * arrival: nobody is passed over for a smaller one behind.
 */
export function formGroup(queue: readonly Pending[], compression: Compression): Group {
  let members = longestRun(queue);
  for (;;) {
    const contents = contentsOf(members);
    const payload = encodePayload(contents.bytes, compression);
    if (payload.length <= MAX_BLOCK_BYTES) return { members, contents: [{ ...contents, payload }] };
    if (members.length === 1) return { members, contents: split(members[0]!, payload.length, compression) };
    const keep = Math.floor((members.length * MAX_BLOCK_BYTES * FILL) / payload.length);
    members = members.slice(0, Math.max(1, Math.min(keep, members.length - 1)));
  }
}

function longestRun(queue: readonly Pending[]): readonly Pending[] {
  let [entries, bytes, keys, keyBytes, members] = [0, 0, 0, 0, 0];
  for (const pending of queue) {
    entries += pending.entries.length;
    bytes += pending.bytes + pending.entries.length;
    if (pending.keyed) {
      keys += 1;
      keyBytes += Buffer.byteLength(pending.keyed.request);
    }
    const fits =
      entries <= MAX_BLOCK_ENTRIES && bytes <= MAX_BLOCK_CONTENT_BYTES && keys <= MAX_KEYS && keyBytes <= MAX_KEY_BYTES;
    if (!fits) break;
    members += 1;
  }
  return queue.slice(0, Math.max(1, members));
}

function contentsOf(members: readonly Pending[]) {
  const entries = members.length === 1 ? members[0]!.entries : members.flatMap((member) => member.entries);
  return {
    bytes: entries.map((entry) => entry.bytes),
    leafHashes: entries.map((entry) => entry.leafHash),
    requests: members.flatMap(({ keyed }) => (keyed ? [keyed.request] : [])),
  };
}

/** One request over several blocks. Entries are at most 60,000 bytes, so one alone always fits. */
function split(member: Pending, compressedBytes: number, compression: Compression): Contents[] {
  const share = Math.floor((member.entries.length * MAX_BLOCK_BYTES * FILL) / compressedBytes);
  const requests = member.keyed ? [member.keyed.request] : [];
  return pieces(member.entries, Math.max(1, share), requests, compression);
}

function pieces(
  entries: readonly PreparedEntry[],
  size: number,
  requests: readonly string[],
  compression: Compression,
): Contents[] {
  const contents: Contents[] = [];
  for (let at = 0; at < entries.length; at += size) {
    const piece = entries.slice(at, at + size);
    const payload = encodePayload(
      piece.map((entry) => entry.bytes),
      compression,
    );
    if (payload.length > MAX_BLOCK_BYTES) {
      contents.push(...pieces(piece, Math.ceil(piece.length / 2), requests, compression));
    } else {
      contents.push({ payload, leafHashes: piece.map((entry) => entry.leafHash), requests });
    }
  }
  return contents;
}
