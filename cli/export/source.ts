// A tenant's evidence from the API.
import { parseCheckpoint } from '../../core/checkpoint/body.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { decodeBase64 } from '../../core/note/base64.ts';
import { parseNote } from '../../core/note/note.ts';
import type { SealedDigest, SealHead } from '../../core/verify/evidence.ts';
import { PATHS } from '../../names/api.ts';
import type { BundleSource } from '../../services/bundle/source.ts';
import { CommandError, EXIT } from '../exit.ts';
import type { ApiClient } from './client.ts';

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

  async tile(chain: number, path: string): Promise<Uint8Array | undefined> {
    const prefix = PATHS.chainTile.replace('{chain}', String(chain)).replace('tile/{proxy+}', '');
    return (await this.#client.get(`${prefix}${path}`))?.bytes;
  }

  async *bodies(chain: number, from: number, through: number): AsyncIterable<Uint8Array> {
    const path = PATHS.bodies.replace('{chain}', String(chain));
    for (let next = from; next < through; ) {
      const answer = await this.#client.get(`${path}?from=${next}&through=${through}`);
      if (answer === undefined) return;
      yield answer.bytes;
      const after = answer.headers.get('x-next');
      if (after === null) return;
      if (!(Number(after) > next)) throw malformed(`x-next is '${after}' after ${next}`);
      next = Number(after);
    }
  }
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
