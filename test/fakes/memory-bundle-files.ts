// What a bundle is made of, in memory.
import { createHash } from 'node:crypto';
import type { BundleFiles, BundleUpload, Piece, PieceWriter } from '../../services/bundle-job/port.ts';
import type { BundleTask } from '../../services/bundle-job/steps.ts';

export type BundleWrite = 'create' | 'piece' | 'upload' | 'put' | 'copy' | 'complete';

/**
 * Pieces, documents and finished objects of bundles. It demands what S3 does: a document that is there stays, a piece is copied as it
 * was when it was recorded, parts that are not the last have their least size.
 */
export class MemoryBundleFiles implements BundleFiles {
  readonly documents = new Map<string, Uint8Array>();
  readonly pieces = new Map<string, Uint8Array>();
  readonly objects = new Map<string, Uint8Array>();
  /** Bytes that passed through the caller on their way into the finished object. */
  passed = 0;
  /** Uploads that were begun and neither completed nor aborted. */
  readonly open = new Set<object>();
  readonly least: number;
  /** Where finished objects are handed out. */
  origin = 'https://files.example';
  /** Called around each write; what it throws before `write`, or behind it, fails it. */
  fault: <T>(kind: BundleWrite, write: () => T) => T = (_, write) => write();

  constructor(least: number) {
    this.least = least;
  }

  async create(task: BundleTask, name: string, bytes: Uint8Array): Promise<boolean> {
    return this.fault('create', () => {
      const key = keyOf(task, name);
      if (this.documents.has(key)) return false;
      this.documents.set(key, bytes.slice());
      return true;
    });
  }

  async read(task: BundleTask, name: string): Promise<Uint8Array | undefined> {
    return this.documents.get(keyOf(task, name));
  }

  async names(task: BundleTask, prefix: string): Promise<readonly string[]> {
    const within = keyOf(task, '');
    return [...this.documents.keys()]
      .filter((key) => key.startsWith(`${within}${prefix}`))
      .map((key) => key.slice(within.length));
  }

  piece(task: BundleTask, name: string): PieceWriter {
    const key = keyOf(task, name);
    const written: Uint8Array[] = [];
    return {
      write: async (bytes) => void written.push(bytes.slice()),
      close: async () =>
        this.fault('piece', () => {
          if (this.pieces.has(key)) throw new Error(`there is a piece ${key}, want a name of its own`);
          const bytes = Buffer.concat(written);
          this.pieces.set(key, bytes);
          return { bytes: bytes.length, etag: etagOf(bytes) };
        }),
      abort: async () => undefined,
    };
  }

  async range(task: BundleTask, piece: Piece, from: number, to: number): Promise<Uint8Array> {
    this.passed += to - from;
    return this.#bytesOf(task, piece, from, to);
  }

  async upload(task: BundleTask): Promise<BundleUpload> {
    return this.fault('upload', () => {
      const parts: Uint8Array[] = [];
      const upload: BundleUpload = {
        leastBytes: this.least,
        put: async (bytes) => this.fault('put', () => void parts.push(bytes.slice())),
        copy: async (piece, from, to) =>
          this.fault('copy', () => void parts.push(this.#bytesOf(task, piece, from, to))),
        complete: async () =>
          this.fault('complete', () => {
            if (!this.open.delete(upload)) throw new Error('there is no such upload');
            const small = parts.slice(0, -1).find(({ length }) => length < this.least);
            if (small !== undefined)
              throw new Error(`got a part of ${small.length} bytes, want at least ${this.least}`);
            if (!this.objects.has(keyOf(task, ''))) this.objects.set(keyOf(task, ''), Buffer.concat(parts));
          }),
        abort: async () => void this.open.delete(upload),
      };
      this.open.add(upload);
      return upload;
    });
  }

  async finished(task: BundleTask): Promise<number | undefined> {
    return this.objects.get(keyOf(task, ''))?.length;
  }

  async link({ tenant, id }: BundleTask): Promise<string> {
    return `${this.origin}/${tenant}/${id}.zip`;
  }

  #bytesOf(task: BundleTask, { name, etag, bytes: size }: Piece, from: number, to: number): Uint8Array {
    const bytes = this.pieces.get(keyOf(task, name));
    if (bytes === undefined || etag !== etagOf(bytes) || bytes.length !== size || to > size || from >= to) {
      throw new Error(`got ${from} to ${to} of the piece ${name}, which is not like that`);
    }
    return bytes.subarray(from, to);
  }
}

const etagOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const keyOf = ({ tenant, id }: BundleTask, name: string): string => `${tenant}/${id}/${name}`;
