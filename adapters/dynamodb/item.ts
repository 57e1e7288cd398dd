import type { Block } from '../../core/block/block.ts';
import { BlockError } from '../../core/block/error.ts';
import { BLOCK } from '../../names/ledger.ts';

/**
 * An attribute as the SDK gives it, and as a Lambda event gives it: there, binary is base64 text. Structural, so that
 * both kinds of image fit without conversion.
 */
export interface ItemAttribute {
  readonly S?: string | undefined;
  readonly N?: string | undefined;
  readonly B?: Uint8Array | string | undefined;
  readonly SS?: readonly string[] | undefined;
}
export type Item = Readonly<Record<string, ItemAttribute>>;

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

export function text(item: Item, name: string): string {
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
