// Blocks and requests as items.
import type { Block } from '../../core/block/block.ts';
import { BlockError } from '../../core/block/error.ts';
import { BEGINS_CHAIN, BLOCK, REQUEST, RUN } from '../../names/ledger.ts';
import type { RequestRecord } from '../../services/append/port.ts';

/**
 * An attribute as the SDK gives it, and as a Lambda event gives it: there, binary is base64 text. Structural, so that
 * both kinds of image fit without conversion.
 */
interface ItemAttribute {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
  readonly B?: Uint8Array | string | undefined;
  readonly SS?: readonly string[] | undefined;
  readonly L?: readonly ItemAttribute[] | undefined;
  readonly M?: Item | undefined;
}
export interface Item {
  readonly [name: string]: ItemAttribute;
}

/** A ledger item or stream image as a block. Checks the shape alone: decodeBlock checks what it says. */
export function itemToBlock(item: Item): Block {
  return {
    chain: text(item, BLOCK.chain),
    position: wholeNumber(item, BLOCK.position),
    count: wholeNumber(item, BLOCK.count),
    v: wholeNumber(item, BLOCK.version),
    payload: binary(item, BLOCK.entries),
    previousLink: binary(item, BLOCK.previousLink),
    link: binary(item, BLOCK.link),
    recordedAt: wholeNumber(item, BLOCK.recordedAt),
    requests: item[BLOCK.requests]?.SS ?? [],
  };
}

/** An item of the ledger where it lies; one that has not the shape of a block is there all the same. */
export function storedBlock(item: Item): { chain: string; position: number; block: Block | undefined } {
  const place = { chain: text(item, BLOCK.chain), position: wholeNumber(item, BLOCK.position) };
  try {
    return { ...place, block: itemToBlock(item) };
  } catch (error) {
    if (error instanceof BlockError) return { ...place, block: undefined };
    throw error;
  }
}

/** Of an item of the ledger, or of a projection of it, what it says that it continues. */
export function storedLink(item: Item): { chain: string; position: number; previousLink: Uint8Array | undefined } {
  const place = { chain: text(item, BLOCK.chain), position: wholeNumber(item, BLOCK.position) };
  const { B: link } = item[BLOCK.previousLink] ?? {};
  return { ...place, previousLink: link === undefined ? undefined : binary(item, BLOCK.previousLink) };
}

export function blockToItem(block: Block, expiresAt: number) {
  return {
    [BLOCK.chain]: { S: block.chain },
    [BLOCK.position]: { N: String(block.position) },
    [BLOCK.version]: { N: String(block.v) },
    [BLOCK.count]: { N: String(block.count) },
    [BLOCK.entries]: { B: block.payload },
    [BLOCK.previousLink]: { B: block.previousLink },
    [BLOCK.link]: { B: block.link },
    [BLOCK.recordedAt]: { N: String(block.recordedAt) },
    [BLOCK.expiresAt]: { N: String(expiresAt) },
    ...(block.position === 0 ? { [BLOCK.begins]: { S: BEGINS_CHAIN } } : {}),
    // DynamoDB has no empty sets.
    ...(block.requests.length > 0 ? { [BLOCK.requests]: { SS: [...block.requests] } } : {}),
  };
}

export function itemToRequest(item: Item): RequestRecord {
  const runs = item[REQUEST.runs]?.L ?? missing(REQUEST.runs, 'L');
  return {
    request: text(item, REQUEST.request),
    digest: binary(item, REQUEST.digest),
    recordedAt: wholeNumber(item, REQUEST.recordedAt),
    runs: runs.map(({ M: run = {} }) => ({
      chain: wholeNumber(run, RUN.chain),
      position: wholeNumber(run, RUN.position),
      count: wholeNumber(run, RUN.count),
      block: wholeNumber(run, RUN.block),
    })),
  };
}

export function requestToItem(record: RequestRecord, expiresAt: number) {
  const runs = record.runs.map((run) => ({
    M: {
      [RUN.chain]: { N: String(run.chain) },
      [RUN.position]: { N: String(run.position) },
      [RUN.count]: { N: String(run.count) },
      [RUN.block]: { N: String(run.block) },
    },
  }));
  return {
    [REQUEST.request]: { S: record.request },
    [REQUEST.digest]: { B: record.digest },
    [REQUEST.runs]: { L: runs },
    [REQUEST.recordedAt]: { N: String(record.recordedAt) },
    [REQUEST.expiresAt]: { N: String(expiresAt) },
  };
}

function text(item: Item, name: string): string {
  return item[name]?.S ?? missing(name, 'S');
}

export function wholeNumber(item: Item, name: string): number {
  const value = Number(item[name]?.N ?? missing(name, 'N'));
  if (!Number.isSafeInteger(value)) throw new BlockError('malformed', `attribute ${name} is no safe integer`);
  return value;
}

export function binary(item: Item, name: string): Uint8Array {
  const value = item[name]?.B ?? missing(name, 'B');
  return typeof value === 'string' ? Buffer.from(value, 'base64') : value;
}

function missing(name: string, type: string): never {
  throw new BlockError('malformed', `the item has no attribute ${name} of type ${type}`);
}
