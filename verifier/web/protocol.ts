// What the page and its worker tell each other.

/** A file by its path in what was handed in. */
export interface NamedFile {
  readonly path: string;
  readonly file: File;
}

export interface Task {
  /** What to call the evidence in the report: the name of its file or folder. */
  readonly place: string;
  readonly files: readonly NamedFile[];
  /** They are the files of a folder, and not one archive or document. */
  readonly folder: boolean;
  /** Text of a file of keys, and what to call where it came from. */
  readonly keys?: { readonly text: string; readonly from: string };
  readonly checkpoint?: File;
  readonly expectThrough?: string;
  readonly entry?: File;
  readonly now: number;
}

type Verdict = 'intact' | 'altered' | 'missing' | 'truncated' | 'incomplete' | 'unconfirmed';

export type Outcome =
  | {
      readonly kind: 'verified';
      readonly verdict: Verdict;
      /** The command's. */
      readonly text: string;
      readonly json?: string;
      /** Keys that came with the evidence decide nothing. */
      readonly ownKeys: boolean;
    }
  /** What was handed in is no evidence of anything: the command's sentence. */
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'needs-keys' }
  /** Something was handed in beside it that says nothing of such evidence: passed over, it would seem to have been heeded. */
  | { readonly kind: 'needless' };

export interface Progress {
  readonly unit: 'positions' | 'bytes';
  readonly done: number;
  readonly total: number;
}

export type Said =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'done'; readonly outcome: Outcome }
  /** A defect of the page, which says nothing of the evidence. */
  | { readonly kind: 'defect'; readonly text: string };
