import type { DocumentCodec } from '../../core/documents/codec.ts';
import { DocumentError } from '../../core/documents/error.ts';

/** A document that says itself whose slot it is in. */
export interface Slotted {
  readonly tenant: string;
  readonly number: number;
}

/** Undefined for bytes that are no document of that slot. */
export function parsedSlot<Document extends Slotted>(
  codec: DocumentCodec<Document>,
  bytes: Uint8Array,
  tenant: string,
  slot: number,
): Document | undefined {
  try {
    const document = codec.parse(bytes);
    return document.tenant === tenant && document.number === slot ? document : undefined;
  } catch (error) {
    if (error instanceof DocumentError) return undefined;
    throw error;
  }
}
