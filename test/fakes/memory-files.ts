// Files of exports in memory.
import { createHash } from 'node:crypto';
import type { ExportFiles, FileWriter } from '../../services/export/port.ts';

/** Files of exports in memory; only those that were closed are there. */
export class MemoryFiles implements ExportFiles {
  readonly files = new Map<string, Uint8Array>();
  /** Called before each write and each close; what it throws fails it. */
  onWrite: ((name: string, step: 'write' | 'close') => void) | undefined;
  /** Called when a file is there; what it throws is the answer that was lost. */
  onClosed: ((name: string) => void) | undefined;

  create(tenant: string, id: string, name: string): FileWriter {
    const pieces: Uint8Array[] = [];
    let state: 'open' | 'closed' | 'aborted' = 'open';
    const demandOpen = () => {
      if (state !== 'open') throw new Error(`${name} is ${state}`);
    };
    return {
      write: async (bytes) => {
        demandOpen();
        this.onWrite?.(name, 'write');
        pieces.push(bytes.slice());
      },
      close: async () => {
        demandOpen();
        this.onWrite?.(name, 'close');
        state = 'closed';
        const bytes = Buffer.concat(pieces);
        this.files.set(`${tenant}/${id}/${name}`, bytes);
        this.onClosed?.(name);
        return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
      },
      abort: async () => {
        if (state === 'open') state = 'aborted';
      },
    };
  }

  async *read(tenant: string, id: string, name: string): AsyncGenerator<Uint8Array, void, undefined> {
    const bytes = this.files.get(`${tenant}/${id}/${name}`);
    if (bytes === undefined) throw new Error(`there is no ${name}`);
    // Pieces end anywhere.
    for (let at = 0; at < bytes.length; at += 777) yield bytes.subarray(at, at + 777);
  }

  async link(tenant: string, id: string, name: string): Promise<string> {
    return `https://files.example/${tenant}/${id}/${name}`;
  }
}
