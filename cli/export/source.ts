// A tenant's evidence from the API.
import { parseCheckpoint } from '../../core/checkpoint/body.ts';
import { HASH_BYTES } from '../../core/crypto.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { decodeBase64 } from '../../core/note/base64.ts';
import { parseNote } from '../../core/note/note.ts';
import { tilePath } from '../../core/tiles/path.ts';
import { TILE_WIDTH, type TileId } from '../../core/tiles/shape.ts';
import type { SealedDigest, SealHead } from '../../core/verify/evidence.ts';
import { PATHS } from '../../names/api.ts';
import type { BundleSource } from '../../services/bundle/source.ts';
import { inParallel } from '../../services/object-lock/parallel.ts';
import { type AheadBound, readAhead } from '../../services/verify/read-ahead.ts';
import { CommandError, EXIT } from '../exit.ts';
import type { ApiClient } from './client.ts';

/** Tiles that are asked for one by one, side by side: each is small and a round trip away. */
const TILES_AT_ONCE = 16;

/** What an answer of bodies holds at most, and how many of them are under way: all of them are in memory. */
const MAX_ANSWER_BYTES = 16_000_000;
const PARTS_AHEAD: AheadBound = { requests: 4, bytes: 4 * MAX_ANSWER_BYTES };

interface Page {
  readonly tenant: string;
  readonly checkpoint: string;
  readonly digests: readonly { number: number; index: number; digest: string; proof: string[] }[];
  readonly seals: readonly { seal: number; size: number; root: string; proof: string[] }[];
  readonly next: number | null;
  readonly tombstones?: readonly ObjectRef[];
}

/** A tenant's evidence as its deployment hands it out. Nothing is checked here: the bundle is verified by its reader. */
export class ApiSource implements BundleSource {
  readonly tenant: string;
  readonly checkpoint: Uint8Array;
  readonly keys: Uint8Array;
  readonly #client: ApiClient;
  readonly #size: number;
  /** Number of the last digest that was handed out. */
  #last = 0;

  private constructor(client: ApiClient, tenant: string, checkpoint: Uint8Array, keys: Uint8Array) {
    this.#client = client;
    this.tenant = tenant;
    this.checkpoint = checkpoint;
    this.keys = keys;
    this.#size = parseCheckpoint(parseNote(checkpoint).text).size;
  }

  /** Settles on the newest checkpoint: everything that follows is proven to that one, whatever is sealed meanwhile. */
  static async open(client: ApiClient): Promise<ApiSource> {
    const { tenant, checkpoint } = parsePage(await client.demand(`${PATHS.digests}?limit=1`));
    return new ApiSource(client, tenant, new TextEncoder().encode(checkpoint), await client.demand(PATHS.logKeys));
  }

  /** Of the checkpoint to which everything is proven. */
  get logSize(): number {
    return this.#size;
  }

  async *digests(from: number): AsyncIterable<SealedDigest> {
    for await (const { digests } of this.#pages(from)) {
      for (const { number, index, digest, proof } of digests) {
        this.#last = Math.max(this.#last, number);
        yield { index, bytes: new TextEncoder().encode(digest), proof: proof.map(hash) };
      }
    }
  }

  async *seals(from: number): AsyncIterable<SealHead> {
    for await (const { seals } of this.#pages(0)) {
      for (const { seal, size, root, proof } of seals) {
        if (seal >= from) yield { seal, size, root: hash(root), proof: proof.map(hash) };
      }
    }
  }

  /** Asked for anew each time: what expires while an export is made has to be in it. */
  async *unsealed(): AsyncIterable<ObjectRef> {
    const query = new URLSearchParams({ size: String(this.#size), after: String(this.#last) });
    yield* parsePage(await this.#client.demand(`${PATHS.digests}?${query}`)).tombstones ?? [];
  }

  async *#pages(from: number): AsyncGenerator<Page> {
    let after: number | null | undefined = from === 0 ? undefined : from - 1;
    while (after !== null) {
      const query = new URLSearchParams({
        size: String(this.#size),
        ...(after === undefined ? {} : { after: String(after) }),
      });
      const page: Page = parsePage(await this.#client.demand(`${PATHS.digests}?${query}`));
      yield page;
      after = page.next;
    }
  }

  async document({ key, sha256 }: ObjectRef): Promise<Uint8Array | undefined> {
    const path = PATHS.document.replace('{sha256}', sha256);
    return (await this.#client.get(`${path}?${new URLSearchParams({ key })}`))?.bytes;
  }

  /** Asked for together; what that doesn't answer is asked for by itself, as of a deployment that has no such route. */
  async tiles(chain: number, run: readonly TileId[]): Promise<readonly (Uint8Array | undefined)[]> {
    const [first] = run;
    if (first === undefined) return [];
    const path = PATHS.chainTiles.replace('{chain}', String(chain)).replace('{level}', String(first.level));
    const query = new URLSearchParams({ from: String(first.index), count: String(run.length) });
    const hashes = run.length === 1 ? undefined : (await this.#client.get(`${path}?${query}`))?.bytes;
    const tiles = run.map((tile) => hashes && tileIn(hashes, tile.index - first.index, tile.width));
    const missing = [...tiles.keys()].filter((i) => tiles[i] === undefined);
    await inParallel(missing, TILES_AT_ONCE, async (i) => {
      tiles[i] = await this.#tile(chain, run[i]!);
    });
    return tiles;
  }

  async #tile(chain: number, tile: TileId): Promise<Uint8Array | undefined> {
    const prefix = PATHS.chainTile.replace('{chain}', String(chain)).replace('tile/{proxy+}', '');
    return (await this.#client.get(`${prefix}${tilePath(tile)}`))?.bytes;
  }

  /** Parts are asked for some before their turn; of one that takes several answers, those behind the first in its turn. */
  async *bodies(chain: number, from: number, through: number, cuts: readonly number[]): AsyncIterable<Uint8Array> {
    const read = ({ from, through }: Part) => this.#bodies(chain, from, through);
    const reading = { bound: PARTS_AHEAD, bytesOf: () => MAX_ANSWER_BYTES, read };
    for await (const { item, value } of readAhead(partsOf(from, through, cuts), reading)) {
      let page = value;
      for (;;) {
        if (page.bytes.length > 0) yield page.bytes;
        if (page.next === undefined || page.next >= item.through) break;
        page = await this.#bodies(chain, page.next, item.through);
      }
    }
  }

  async #bodies(chain: number, from: number, through: number): Promise<BodiesPage> {
    const path = PATHS.bodies.replace('{chain}', String(chain));
    const answer = await this.#client.get(`${path}?from=${from}&through=${through}`);
    // Where all of them have expired, the answer is empty: what is not found was never sealed, or the deployment lacks the route.
    if (answer === undefined) {
      const what = `the entries of chain ${chain} from position ${from} to ${through - 1}`;
      throw new CommandError(
        EXIT.refused,
        `the deployment hands out nothing of ${what}, although its digests seal them`,
      );
    }
    const after = answer.headers.get('x-next');
    if (after !== null && !(Number(after) > from)) throw malformed(`x-next is '${after}' after ${from}`);
    return { bytes: answer.bytes, next: after === null ? undefined : Number(after) };
  }
}

interface BodiesPage {
  readonly bytes: Uint8Array;
  /** Where to go on; undefined at the end. */
  readonly next: number | undefined;
}

/** Positions from `from` to before `through`. */
interface Part {
  readonly from: number;
  readonly through: number;
}

async function* partsOf(from: number, through: number, cuts: readonly number[]): AsyncGenerator<Part> {
  let begin = from;
  for (const cut of cuts) {
    if (cut <= begin || cut >= through) continue;
    yield { from: begin, through: cut };
    begin = cut;
  }
  yield { from: begin, through };
}

/** A tile of a run: the deployment's may have grown, whose first hashes are those of the tree as it was. */
function tileIn(hashes: Uint8Array, number: number, width: number): Uint8Array | undefined {
  const begin = number * TILE_WIDTH * HASH_BYTES;
  const tile = hashes.subarray(begin, begin + width * HASH_BYTES);
  return tile.length === width * HASH_BYTES ? tile : undefined;
}

function parsePage(bytes: Uint8Array): Page {
  const page = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Page>;
  const { tenant, checkpoint, digests, seals, next } = page;
  if (
    typeof tenant !== 'string' ||
    typeof checkpoint !== 'string' ||
    !Array.isArray(digests) ||
    !Array.isArray(seals)
  ) {
    throw malformed('a page of digests lacks its members');
  }
  if (next !== null && !Number.isSafeInteger(next)) throw malformed('a page of digests does not say what follows');
  return page as Page;
}

function hash(text: string): Uint8Array {
  const bytes = decodeBase64(text);
  if (bytes === undefined) throw malformed('a hash is not base64');
  return bytes;
}

function malformed(what: string): CommandError {
  return new CommandError(EXIT.unreachable, `the API's answer makes no sense: ${what}`);
}
