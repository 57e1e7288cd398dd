// Announces new blocks to the topic.
import { parseChainName } from '../../core/chain.ts';
import { toHex } from '../../core/crypto.ts';
import type { LedgerChange } from '../stream/change.ts';
import { type BlockNotice, MAX_NOTICES, type Topic } from './port.ts';

/** Calls to the topic at the same time. */
const PUBLISHES_AT_ONCE = 4;

/** Some notices were not accepted, though the call itself went through. */
class NoticesRefused extends Error {
  override readonly name = 'NoticesRefused';
  readonly code = 'refused';
}

export interface RelayOutcome {
  readonly blocks: number;
  readonly entries: number;
  /** Inserts that are no block. The archive keeps them as evidence; they hold nothing that a subscriber could read. */
  readonly skipped: number;
  /** Sequence number of the first change whose notice is not with the topic. */
  readonly failedFrom: string | undefined;
  readonly error: unknown;
}

interface Notice {
  readonly index: number;
  readonly body: BlockNotice;
}

/** Tells the topic of every inserted block of one delivery. Never throws: what failed is to be delivered again. */
export async function relay(changes: readonly LedgerChange[], topic: Topic): Promise<RelayOutcome> {
  const inserts = changes.flatMap((change, index) => (change.kind === 'insert' ? [{ change, index }] : []));
  const notices = inserts.flatMap(({ change, index }): Notice[] => {
    const body = noticeOf(change);
    return body === undefined ? [] : [{ index, body }];
  });
  const groups = Array.from({ length: Math.ceil(notices.length / MAX_NOTICES) }, (_, i) =>
    notices.slice(i * MAX_NOTICES, (i + 1) * MAX_NOTICES),
  );
  const failed: number[] = [];
  let error: unknown;
  const lane = async () => {
    for (let group = groups.shift(); group !== undefined; group = groups.shift()) {
      const refused = await publish(group, topic).catch((cause: unknown) => {
        error = cause;
        return group!.map(({ index }) => index);
      });
      if (refused.length > 0) error ??= new NoticesRefused(`the topic refused ${refused.length} notices`);
      failed.push(...refused);
    }
  };
  await Promise.all(Array.from({ length: PUBLISHES_AT_ONCE }, lane));
  const lost = new Set(failed);
  const published = notices.filter(({ index }) => !lost.has(index));
  return {
    blocks: published.length,
    entries: published.reduce((sum, { body }) => sum + body.count, 0),
    skipped: inserts.length - notices.length,
    failedFrom: failed.length === 0 ? undefined : changes[Math.min(...failed)]!.sequenceNumber,
    error,
  };
}

async function publish(group: readonly Notice[], topic: Topic): Promise<number[]> {
  const refused = await topic.publish(group.map(({ body }) => body));
  return refused.map((i) => group[i]!.index);
}

function noticeOf({ block }: LedgerChange): BlockNotice | undefined {
  if (block === undefined) return undefined;
  try {
    const { tenant, chain } = parseChainName(block.chain);
    const { position, count, recordedAt, link } = block;
    return { v: 1, tenant, chain, position, count, recordedAt, link: toHex(link) };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
