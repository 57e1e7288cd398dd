// Signatures with a time (C2SP tlog-cosignature), and the messages that they sign.
import { LAST_SECOND } from '../entry/time.ts';
import { NoteError } from '../note/error.ts';
import { encodeText } from '../note/text.ts';
import { type Checkpoint, parseCheckpoint } from './body.ts';

const TIMESTAMP_BYTES = 8;

/** C2SP tlog-cosignature's `timestamped_signature`: seconds since 1970 in front of the signature proper. */
export interface TimestampedSignature {
  readonly timestamp: number;
  readonly signature: Uint8Array;
}

export function encodeTimestamped({ timestamp, signature }: TimestampedSignature): Uint8Array {
  const bytes = new Uint8Array(TIMESTAMP_BYTES + signature.length);
  writeUint64(new DataView(bytes.buffer), 0, timestamp);
  bytes.set(signature, TIMESTAMP_BYTES);
  return bytes;
}

/** The format allows times up to 2^63 − 1; those beyond the year 9999, which no digest can say, are refused. */
export function decodeTimestamped(bytes: Uint8Array): TimestampedSignature {
  if (bytes.length <= TIMESTAMP_BYTES) {
    throw new NoteError('signature', `got a timestamped signature of ${bytes.length} bytes`);
  }
  const timestamp = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0));
  checkTimestamp(timestamp);
  return { timestamp, signature: bytes.slice(TIMESTAMP_BYTES) };
}

/** What an Ed25519 cosignature (0x04) signs: the whole text, extensions too, but not the cosigner's name. */
export function ed25519CosignedMessage(text: string, timestamp: number): Uint8Array {
  parseCheckpoint(text);
  checkTimestamp(timestamp);
  return encodeText(`cosignature/v1\ntime ${timestamp}\n${text}`);
}

const LABEL = new TextEncoder().encode('subtree/v1\n\0');

/** `opaque<1..2^8-1>`: a length in one byte. */
const MAX_NAME_BYTES = 255;

/** What an ML-DSA-44 cosignature (0x06) signs: `cosigned_message` over the whole tree, from leaf 0. */
export function mlDsa44CosignedMessage(cosigner: string, timestamp: number, checkpoint: Checkpoint): Uint8Array {
  checkTimestamp(timestamp);
  const name = shortText(cosigner, 'cosigner name');
  const origin = shortText(checkpoint.origin, 'origin');
  const message = new Uint8Array(LABEL.length + 1 + name.length + 8 + 1 + origin.length + 8 + 8 + 32);
  const view = new DataView(message.buffer);
  message.set(LABEL);
  let at = LABEL.length;
  message[at] = name.length;
  message.set(name, at + 1);
  at += 1 + name.length;
  writeUint64(view, at, timestamp);
  message[at + 8] = origin.length;
  message.set(origin, at + 9);
  at += 9 + origin.length;
  writeUint64(view, at, 0);
  writeUint64(view, at + 8, checkpoint.size);
  message.set(checkpoint.root, at + 16);
  return message;
}

function shortText(text: string, what: string): Uint8Array {
  const bytes = encodeText(text);
  if (bytes.length >= 1 && bytes.length <= MAX_NAME_BYTES) return bytes;
  throw new NoteError('signature', `got ${bytes.length} bytes as ${what}, want 1 to ${MAX_NAME_BYTES}`);
}

function checkTimestamp(timestamp: number): void {
  if (Number.isInteger(timestamp) && timestamp >= 0 && timestamp <= LAST_SECOND) return;
  throw new NoteError('timestamp', `got timestamp ${timestamp}, want whole seconds from 0 to ${LAST_SECOND}`);
}

function writeUint64(view: DataView, at: number, value: number): void {
  view.setBigUint64(at, BigInt(value));
}
