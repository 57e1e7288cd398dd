// Where a bundle that a job makes is kept: the documents of the job, the pieces, the finished object.
import type { BundleTask } from './steps.ts';

/** A piece that was written; nothing replaces it. */
export interface Piece {
  readonly name: string;
  readonly bytes: number;
  /** Of the object: what is copied is this one, or the copy fails. */
  readonly etag: string;
}

/** A piece that is being written; nobody sees it before it is closed. */
export interface PieceWriter {
  write(bytes: Uint8Array): Promise<void>;
  /** Durable when it returns. */
  close(): Promise<Omit<Piece, 'name'>>;
  /** Nothing of it stays. */
  abort(): Promise<void>;
}

/** The finished object while it is put together of parts, in the order of the calls. */
export interface BundleUpload {
  /** Of each part but the last. */
  readonly leastBytes: number;
  put(bytes: Uint8Array): Promise<void>;
  /** Bytes `from` to before `to` of a piece; they do not pass through here. */
  copy(piece: Piece, from: number, to: number): Promise<void>;
  /**
   * The object is there when it returns; it may be there too when it throws. One that was there before stays, and nothing of this
   * upload does.
   */
  complete(): Promise<void>;
  /** Nothing of it stays. */
  abort(): Promise<void>;
}

/** A write that throws may have been persisted. */
export interface BundleFiles {
  /** Writes a document of the job unless there is one of that name: then it is false, and nothing was written. */
  create(task: BundleTask, name: string, bytes: Uint8Array): Promise<boolean>;
  read(task: BundleTask, name: string): Promise<Uint8Array | undefined>;
  /** Names of the job's documents that begin so. */
  names(task: BundleTask, prefix: string): Promise<readonly string[]>;
  /** Of a name that no other writer has. */
  piece(task: BundleTask, name: string): PieceWriter;
  /** Bytes `from` to before `to` of a piece. */
  range(task: BundleTask, piece: Piece, from: number, to: number): Promise<Uint8Array>;
  upload(task: BundleTask): Promise<BundleUpload>;
  /** Size of the finished object; undefined before it is there. */
  finished(task: BundleTask): Promise<number | undefined>;
  /** An address that hands the object out to whoever has it, for some minutes. */
  link(task: BundleTask): Promise<string>;
}
