// Reads and writes the documents of docs/format.md: canonical JSON of one version.
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/schema';
import { canonicalBytes } from '../canonical/canonical.ts';
import { equalBytes } from '../crypto.ts';
import { JsonFault } from '../json/fault.ts';
import { parseJson } from '../json/parse.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/value.ts';
import { DocumentError } from './error.ts';

/** The version of every document that this code writes, and the only one that it reads. */
export const DOCUMENT_VERSION = 1;

/** A kind of document: canonical JSON, so that a document has one serialization and its hash one meaning. */
export interface DocumentCodec<Document> {
  readonly kind: string;
  /** Larger bytes are none of these. */
  readonly maxBytes: number;
  /** Throws a DocumentError for a document that `parse` would refuse. */
  format(document: Document): Uint8Array;
  /** The document, from bytes that may be hostile; throws a DocumentError for everything that `format` does not write. */
  parse(bytes: Uint8Array): Document;
}

export interface DocumentRules<Document> {
  readonly kind: string;
  readonly maxBytes: number;
  /** Throws a DocumentError where the shape alone does not tell. */
  readonly check?: (document: Document) => void;
}

export function documentCodec<Schema extends TSchema>(
  schema: Schema,
  { kind, maxBytes, check }: DocumentRules<Static<Schema>>,
): DocumentCodec<Static<Schema>> {
  const shape = Compile(schema);
  const demand = (value: JsonValue): Static<Schema> => {
    demandKind(value, kind);
    if (!shape.Check(value)) throw new DocumentError('shape', kind, 'got members other than those of the format');
    const document = value as Static<Schema>;
    check?.(document);
    return document;
  };
  const demandSize = (bytes: Uint8Array): void => {
    if (bytes.length > maxBytes) {
      throw new DocumentError('size', kind, `got ${bytes.length} bytes, want at most ${maxBytes}`);
    }
  };
  return {
    kind,
    maxBytes,
    format(document) {
      demand(document as JsonValue);
      const bytes = canonicalBytes(document as JsonValue);
      demandSize(bytes);
      return bytes;
    },
    parse(bytes) {
      demandSize(bytes);
      const value = parsed(bytes, kind);
      const document = demand(value);
      if (!equalBytes(canonicalBytes(value), bytes)) throw new DocumentError('canonical', kind, 'got another spelling');
      return document;
    },
  };
}

function parsed(bytes: Uint8Array, kind: string): JsonValue {
  try {
    return parseJson(bytes);
  } catch (cause) {
    if (!(cause instanceof JsonFault)) throw cause;
    throw new DocumentError('json', kind, 'got bytes that are not JSON with one reading', cause);
  }
}

/** Told apart from a wrong shape: a later version is no forgery, and has to be said to be one. */
function demandKind(value: JsonValue, kind: string): asserts value is JsonObject {
  if (!isJsonObject(value) || value.kind !== kind)
    throw new DocumentError('kind', kind, 'got another kind of document');
  if (value.v !== DOCUMENT_VERSION) {
    throw new DocumentError('version', kind, `got another format version, want ${DOCUMENT_VERSION}`);
  }
}
