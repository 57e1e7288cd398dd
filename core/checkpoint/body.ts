// The text of a checkpoint (C2SP tlog-checkpoint).
import { HASH_BYTES } from '../crypto.ts';
import { isTreeSize, MAX_TREE_SIZE, parseDecimal } from '../merkle/size.ts';
import { decodeBase64, encodeBase64 } from '../note/base64.ts';
import { CheckpointError } from './error.ts';

/** C2SP tlog-checkpoint: the head of a log. */
export interface Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  /** Opaque; the ML-DSA-44 cosignature does not cover them. Logs of this project have none. */
  readonly extensions: readonly string[];
}

/** Throws a CheckpointError for anything but the one text of some checkpoint. */
export function parseCheckpoint(text: string): Checkpoint {
  const lines = text.split('\n');
  if (lines.pop() !== '' || lines.length < 3) {
    throw new CheckpointError('lines', 'got fewer than three lines, or a last line without its end');
  }
  const [origin, digits, encoded, ...extensions] = lines as [string, string, string, ...string[]];
  const size = parseDecimal(digits);
  if (size === undefined) throw new CheckpointError('size', `got a size that is not 0 to ${MAX_TREE_SIZE}`);
  const root = decodeBase64(encoded);
  if (root === undefined) throw new CheckpointError('root', 'got a root that is not base64');
  const checkpoint = { origin, size, root, extensions };
  checkCheckpoint(checkpoint);
  return checkpoint;
}

/** The note text: what Ed25519 signs. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  checkCheckpoint(checkpoint);
  const { origin, size, root, extensions } = checkpoint;
  return [origin, size, encodeBase64(root), ...extensions, ''].join('\n');
}

function checkCheckpoint({ origin, size, root, extensions }: Checkpoint): void {
  if (!isLine(origin)) throw new CheckpointError('origin', 'got an origin that is not one line');
  if (!isTreeSize(size)) throw new CheckpointError('size', `got size ${size}, want 0 to ${MAX_TREE_SIZE}`);
  if (!extensions.every(isLine)) throw new CheckpointError('extension', 'got an extension that is not one line');
  if (root.length !== HASH_BYTES) {
    throw new CheckpointError('root', `got a root of ${root.length} bytes, want ${HASH_BYTES}`);
  }
}

function isLine(text: string): boolean {
  return text !== '' && !text.includes('\n');
}
