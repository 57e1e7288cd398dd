// Rows of the index as items.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { parseChainName } from '../../core/chain.ts';
import { sha256 } from '../../core/crypto.ts';
import { encodePostings } from '../../core/index/postings.ts';
import { HOUR_MS } from '../../core/index/tally.ts';
import { encodeTally } from '../../core/index/tally-bytes.ts';
import { INDEX_ROW, INDEX_TALLY } from '../../names/index.ts';
import type { IndexRow, IndexTally } from '../../services/index/port.ts';
import { newestOf } from '../../services/index/span.ts';

export type IndexItem = Record<string, AttributeValue>;

/** The table, and which configuration's index in it (services/index/configuration.ts). */
export interface IndexTable {
  readonly indexTable: string;
  readonly configuration: string;
}

/** As many as no one finds two values for; a value may have 2,048 characters, a key 2,048 bytes. */
const HASH_BYTES = 16;

const TIME_DIGITS = 16;
const CHAIN_DIGITS = 2;
const POSITION_DIGITS = 16;

const digits = (value: number, width: number): string => String(value).padStart(width, '0');

/** Sorts before the keys of all rows whose newest posting is from then on. */
export const timeKey = (time: number): string => digits(time, TIME_DIGITS);

const chainKey = (chain: number): string => digits(chain, CHAIN_DIGITS);

export function valuePartition(configuration: string, tenant: string, facet: string, value: string): string {
  const hash = sha256(new TextEncoder().encode(value)).subarray(0, HASH_BYTES);
  return `${tenant}#${configuration}#${facet}#${Buffer.from(hash).toString('base64url')}`;
}

export const chainsPartition = (configuration: string, tenant: string): string => `${tenant}#${configuration}`;

export function chainItemKey(configuration: string, name: string): IndexItem {
  const { tenant, chain } = parseChainName(name);
  return {
    [INDEX_ROW.posting]: { S: chainsPartition(configuration, tenant) },
    [INDEX_ROW.newest]: { S: chainKey(chain) },
  };
}

export function rowToItem(configuration: string, row: IndexRow): IndexItem {
  return {
    [INDEX_ROW.posting]: { S: valuePartition(configuration, row.tenant, row.facet, row.value) },
    [INDEX_ROW.newest]: { S: rowKey(row) },
    [INDEX_ROW.value]: { S: row.value },
    [INDEX_ROW.chain]: { N: String(row.chain) },
    [INDEX_ROW.postings]: { B: encodePostings(row.postings) },
    [INDEX_ROW.expiresAt]: { N: String(row.expiresAt) },
  };
}

export const talliesPartition = (configuration: string, tenant: string): string =>
  valuePartition(configuration, tenant, INDEX_TALLY.facet, '');

/** A stretch ends where its entries say, so that one that is tallied again is the same item. */
export function tallyToItem(configuration: string, { tenant, chain, tally, expiresAt }: IndexTally): IndexItem {
  const key = [timeKey(tally.hour * HOUR_MS), chainKey(chain), digits(tally.end, POSITION_DIGITS)].join('#');
  return {
    [INDEX_TALLY.posting]: { S: talliesPartition(configuration, tenant) },
    [INDEX_TALLY.hour]: { S: key },
    [INDEX_TALLY.chain]: { N: String(chain) },
    [INDEX_TALLY.tally]: { B: encodeTally(tally) },
    [INDEX_TALLY.expiresAt]: { N: String(expiresAt) },
  };
}

/**
 * The place of the newest posting, which rows are read by, and the first and the last position. Runs index whole stretches
 * of a chain, so that of one value and span the first and the last position tell all that are between: rows with the
 * same key have the same postings, and writing one again changes nothing.
 */
function rowKey({ chain, postings }: IndexRow): string {
  const newest = newestOf(postings);
  const [first, last] = [postings[0]!, postings.at(-1)!].map(({ block, offset }) => block + offset);
  return [
    timeKey(newest.recordedAt),
    chainKey(chain),
    digits(newest.block + newest.offset, POSITION_DIGITS),
    first,
    last,
  ].join('#');
}
