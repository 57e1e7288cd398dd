// Why bytes are no document of a kind.
export type DocumentFault = 'size' | 'json' | 'version' | 'kind' | 'shape' | 'canonical' | 'order' | 'positions';

/** The bytes are not a document of docs/format.md, "Documents". Carries which kind was wanted, never what was found. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
  readonly code: DocumentFault;
  readonly kind: string;

  constructor(code: DocumentFault, kind: string, message: string, cause?: unknown) {
    super(`${kind}: ${message}`, cause === undefined ? undefined : { cause });
    this.code = code;
    this.kind = kind;
  }
}
