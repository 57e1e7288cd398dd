// Reads the document in a slot.
import type { DocumentCodec } from '../../core/documents/codec.ts';
import { DocumentError } from '../../core/documents/error.ts';
import { isTimely } from '../object-lock/slots.ts';

/** A document that says itself whose slot it is in. */
export interface Slotted {
  readonly tenant: string;
  readonly number: number;
  readonly at: string;
}

/** Undefined for bytes that are no document of that slot, or say that they were written after they were put there. */
export function parsedSlot<Document extends Slotted>(
  codec: DocumentCodec<Document>,
  bytes: Uint8Array,
  tenant: string,
  slot: number,
  putAt: Date,
): Document | undefined {
  try {
    const document = codec.parse(bytes);
    const isOwn = document.tenant === tenant && document.number === slot && isTimely(document, putAt);
    return isOwn ? document : undefined;
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}
