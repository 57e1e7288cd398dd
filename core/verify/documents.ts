// Reads documents by the hash that something sealed names.
import { sha256, toHex } from '../crypto.ts';
import type { DocumentCodec } from '../documents/codec.ts';
import { DocumentError } from '../documents/error.ts';
import type { ObjectRef } from '../documents/fields.ts';
import type { Evidence } from './evidence.ts';
import { type FindingCode, finding, type OnFinding } from './finding.ts';

/** The digest whose seal a document belongs to. */
export interface Sealed {
  readonly tenant: string;
  readonly seal: number;
  /** Number of the digest. */
  readonly digest: number;
  readonly chain?: number;
}

export function objectName({ key, version }: ObjectRef): string {
  return `${key} version ${version}`;
}

/** Reads what digests name; each document is believed for having the hash that something sealed says. */
export class DocumentReader {
  readonly #evidence: Pick<Evidence, 'document'>;
  readonly #report: OnFinding;

  constructor(evidence: Pick<Evidence, 'document'>, report: OnFinding) {
    this.#evidence = evidence;
    this.#report = report;
  }

  /** The document, or undefined and a finding. `foreign` says what of it is not as the one who names it has it. */
  async read<Document>(
    codec: DocumentCodec<Document>,
    ref: ObjectRef,
    sealed: Sealed,
    foreign: (document: Document) => string | undefined,
  ): Promise<Document | undefined> {
    const add = (code: FindingCode, expected: string, found: string) =>
      this.#report(finding(code, { ...sealed, object: objectName(ref), expected, found }));
    const bytes = await this.#evidence.document(ref);
    if (bytes === undefined) return void add('document-missing', `${ref.bytes} bytes`, 'nothing');
    const hash = toHex(sha256(bytes));
    if (hash !== ref.sha256) return void add('document-altered', ref.sha256, hash);
    let document: Document;
    try {
      document = codec.parse(bytes);
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      return void add('document-malformed', `a document of kind ${codec.kind}`, error.message);
    }
    const difference = foreign(document);
    if (difference === undefined) return document;
    return void add('document-foreign', `the ${codec.kind} document that is named`, difference);
  }
}
