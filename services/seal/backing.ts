// Which positions of the archive somebody but the archive vouches for.
import type { Block } from '../../core/block/block.ts';
import { BlockError } from '../../core/block/error.ts';
import { equalBytes } from '../../core/crypto.ts';
import type { Cursor } from '../archive/window.ts';
import type { SealPorts } from './port.ts';

/** Rows of a chain, from wherever they come. */
export type ReadOn = (cursor: Cursor) => Promise<readonly Linked[] | string>;

interface Linked {
  readonly position: number;
  readonly link: Uint8Array;
}

/**
 * Whoever may write the archive can put segments that continue a chain. What the ledger's stream has brought is known by
 * two others: the chain's row, which only the archive's stream consumer writes, and the blocks that follow in the ledger.
 * Each names a link, and a link commits to everything before it.
 */
export class Backing {
  readonly #chain: string;
  readonly #ports: Pick<SealPorts, 'blocks' | 'directory'>;
  #through = 0;
  #asked = -1;
  /** Why the last walk ended before whoever vouches; undefined when it did not. */
  ended: string | undefined;

  constructor(chain: string, ports: Pick<SealPorts, 'blocks' | 'directory'>) {
    this.#chain = chain;
    this.#ports = ports;
  }

  /** The position up to which (excluded) the rows that `readOn` gives from the cursor on are vouched for; 0 for none. */
  async through(cursor: Cursor, readOn: ReadOn): Promise<number> {
    if (cursor.position < this.#through || cursor.position === this.#asked) return this.#through;
    this.#asked = cursor.position;
    this.ended = undefined;
    const known = (await this.#commitments()).filter(({ position }) => position > cursor.position);
    const end = known.reduce((max, { position }) => Math.max(max, position), 0);
    for (let at = cursor; at.position < end; ) {
      const rows = await readOn(at);
      if (typeof rows === 'string') {
        this.ended = rows;
        break;
      }
      for (const { position, link } of rows) {
        const isVouched = known.some((one) => one.position === position + 1 && equalBytes(one.link, link));
        if (isVouched) this.#through = position + 1;
      }
      const newest = rows.at(-1)!;
      at = { position: newest.position + 1, link: newest.link };
    }
    return this.#through;
  }

  async #commitments(): Promise<readonly Cursor[]> {
    const receipt = await receiptOf(this.#chain, this.#ports);
    const newest = await newestBlock(this.#chain, this.#ports);
    return [
      ...(receipt === undefined ? [] : [{ position: receipt.through, link: receipt.link }]),
      ...(newest === undefined ? [] : [{ position: newest.position, link: newest.previousLink }]),
    ];
  }
}

/** Undefined also for an item that is no block: of that the archive keeps evidence from the ledger's stream. */
export function newestBlock(chain: string, { blocks }: Pick<SealPorts, 'blocks'>): Promise<Block | undefined> {
  return unlessDamaged(() => blocks.blockBefore(chain, Number.MAX_SAFE_INTEGER));
}

/** The chain's row; undefined also for one that can't be read, which tells nothing. */
export async function receiptOf(chain: string, { directory }: Pick<SealPorts, 'directory'>) {
  return (await unlessDamaged(() => directory.read(chain)))?.state;
}

async function unlessDamaged<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof BlockError) return undefined;
    throw error;
  }
}
