// Proofs of C2SP tlog-proof as text.
import { HASH_BYTES } from '../crypto.ts';
import { isTreeSize, parseDecimal } from '../merkle/size.ts';
import { decodeBase64, encodeBase64 } from '../note/base64.ts';
import { decodeText, encodeText } from '../note/text.ts';
import { TlogProofError } from './error.ts';

/** C2SP tlog-proof: one leaf's way to a signed checkpoint, in one file. */
export interface TlogProof {
  /** Opaque, and covered by no signature. */
  readonly extra: Uint8Array | undefined;
  readonly index: number;
  /** From the leaf's sibling to the root's child. */
  readonly hashes: readonly Uint8Array[];
  /** The signed note, as the log gave it. */
  readonly checkpoint: Uint8Array;
}

const HEADER = 'c2sp.org/tlog-proof@v1';

/** Throws for anything but the one serialization of some proof; the checkpoint is not looked into. */
export function parseTlogProof(bytes: Uint8Array): TlogProof {
  const text = decodeText(bytes);
  const blank = text.indexOf('\n\n');
  const lines = (blank < 0 ? text : text.slice(0, blank)).split('\n');
  if (lines.shift() !== HEADER) throw new TlogProofError('header', `got no first line ${HEADER}`);
  const extra = lines[0]?.startsWith('extra ') ? parseExtra(lines.shift()!) : undefined;
  const index = parseIndex(lines.shift());
  const hashes = lines.map(parseHash);
  const checkpoint = text.slice(blank + 2);
  if (blank < 0 || checkpoint === '')
    throw new TlogProofError('structure', 'got no empty line with a checkpoint behind');
  return { extra, index, hashes, checkpoint: encodeText(checkpoint) };
}

function parseExtra(line: string): Uint8Array {
  const extra = decodeBase64(line.slice('extra '.length));
  if (extra === undefined) throw new TlogProofError('extra', 'got extra data that is not base64');
  return extra;
}

function parseIndex(line: string | undefined): number {
  const index = line?.startsWith('index ') ? parseDecimal(line.slice('index '.length)) : undefined;
  if (index === undefined) throw new TlogProofError('index', 'got no line with an index from 0 to 2^53 − 1');
  return index;
}

function parseHash(line: string): Uint8Array {
  const hash = decodeBase64(line);
  if (hash?.length !== HASH_BYTES)
    throw new TlogProofError('hash', `got a line that is not base64 of ${HASH_BYTES} bytes`);
  return hash;
}

export function formatTlogProof({ extra, index, hashes, checkpoint }: TlogProof): Uint8Array {
  if (!isTreeSize(index)) throw new TlogProofError('index', `got index ${index}, want 0 to 2^53 − 1`);
  if (hashes.some(({ length }) => length !== HASH_BYTES)) {
    throw new TlogProofError('hash', `got a hash that has not ${HASH_BYTES} bytes`);
  }
  if (checkpoint.length === 0) throw new TlogProofError('structure', 'got no checkpoint');
  const lines = [HEADER, ...(extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]), `index ${index}`];
  return encodeText([...lines, ...hashes.map(encodeBase64), '', decodeText(checkpoint)].join('\n'));
}
