// Bundles that the trials change.
import { documentFile, entriesFile, FILES, tileFile } from '../../core/bundle/files.ts';
import { digestLine, parseDigestLine, parseSealLine, sealLine } from '../../core/bundle/lines.ts';
import { leafHash } from '../../core/chain.ts';
import { HASH_BYTES, sha256, toHex } from '../../core/crypto.ts';
import type { SealedDigest, SealHead } from '../../core/verify/evidence.ts';
import { packed, unpacked } from '../../test/support/bundling.ts';
import { exportBundle } from './export.ts';
import { type History, SEALED } from './history.ts';
import type { World } from './world.ts';

type Change = (text: string) => string;

/** What is inside of a bundle, to be changed; `bytes` packs it again with our own writer. */
export class BundleFiles {
  readonly files: Map<string, Uint8Array>;

  constructor(files: ReadonlyMap<string, Uint8Array>) {
    this.files = new Map(files);
  }

  get(path: string): Uint8Array {
    const bytes = this.files.get(path);
    if (bytes === undefined) throw new Error(`got no file ${path}`);
    return bytes;
  }

  set(path: string, content: Uint8Array | string): this {
    this.files.set(path, typeof content === 'string' ? new TextEncoder().encode(content) : content);
    return this;
  }

  delete(path: string): this {
    if (!this.files.delete(path)) throw new Error(`got no file ${path}`);
    return this;
  }

  text(path: string): string {
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(this.get(path));
  }

  edit(path: string, change: Change): this {
    const [before, after] = [this.text(path), change(this.text(path))];
    if (after === before) throw new Error(`got no change of ${path}`);
    return this.set(path, after);
  }

  lines(path: string): string[] {
    return this.text(path).split('\n').slice(0, -1);
  }

  setLines(path: string, lines: readonly string[]): this {
    return this.set(path, lines.map((line) => `${line}\n`).join(''));
  }

  editLines(path: string, change: (lines: string[]) => readonly string[]): this {
    return this.setLines(path, change(this.lines(path)));
  }

  /** A chain's entries as they stand, each in the line of its position's body. */
  entries(chain: number): string[] {
    return this.lines(entriesFile(chain));
  }

  editEntries(chain: number, change: (lines: string[]) => readonly string[]): this {
    return this.editLines(entriesFile(chain), change);
  }

  /** The line in which the body of a position stands. */
  lineOf(chain: number, position: number): number {
    const wanted = toHex(this.leaf(chain, position));
    const line = this.entries(chain).findIndex((one) => toHex(leafHash(new TextEncoder().encode(one))) === wanted);
    if (line < 0) throw new Error(`got no body of ${chain}/${position}`);
    return line;
  }

  leaf(chain: number, position: number): Uint8Array {
    const at = (position % 256) * HASH_BYTES;
    return this.get(this.tileAt(chain, 0, Math.floor(position / 256))).subarray(at, at + HASH_BYTES);
  }

  tileAt(chain: number, level: number, index: number): string {
    const path = tileFile(chain, `tile/${level}/${String(index).padStart(3, '0')}`);
    return [...this.files.keys()].find((one) => one === path || one.startsWith(`${path}.p/`))!;
  }

  get digests(): SealedDigest[] {
    return this.lines(FILES.digests).map((line) => parseDigestLine(new TextEncoder().encode(line), FILES.digests));
  }

  setDigests(digests: readonly SealedDigest[]): this {
    return this.set(FILES.digests, Buffer.concat(digests.map(digestLine)));
  }

  get seals(): SealHead[] {
    return this.lines(FILES.seals).map((line) => parseSealLine(new TextEncoder().encode(line), FILES.seals));
  }

  setSeals(seals: readonly SealHead[]): this {
    return this.set(FILES.seals, Buffer.concat(seals.map(sealLine)));
  }

  /** Paths of documents of a kind, in the order of the bundle. */
  documents(kind: string): string[] {
    const paths = [...this.files.keys()].filter((path) => path.startsWith('documents/'));
    return paths.filter((path) => (JSON.parse(this.text(path)) as { kind: string }).kind === kind);
  }

  /** Puts a document under the name of its own hash; returns the hash. */
  addDocument(text: string): string {
    const hash = toHex(sha256(new TextEncoder().encode(text)));
    this.set(documentFile(hash), text);
    return hash;
  }

  bytes(): Promise<Buffer> {
    return packed(this.files);
  }
}

interface BundleInHand {
  readonly bytes: Uint8Array;
  readonly world: World;
  /** A copy to change. */
  open(): Promise<BundleFiles>;
}

/** The bundles that somebody can get hold of. */
export interface Bundles {
  readonly acme: BundleInHand;
  /** Of the same tenant, exported one seal before. */
  readonly older: BundleInHand;
  /** Of the same tenant, exported between an expiry and the seal that follows it. */
  readonly expiring: BundleInHand;
  /** Of another tenant of the deployment. */
  readonly umbra: BundleInHand;
  /** Of another deployment, which says that it is this one: everything is the same but the keys. */
  readonly foreign: BundleInHand;
  /** Of the same tenant and under the same keys, with another newest day. */
  readonly fork: BundleInHand;
  /** The same, and one more tenant, so that no seal of it is as long as one of the true log. */
  readonly longFork: BundleInHand;
}

export async function exportAll(history: History, foreign: History): Promise<Bundles> {
  return {
    acme: await inHand(history.at(SEALED), 'acme'),
    older: await inHand(history.at('seal-2'), 'acme'),
    expiring: await inHand(history.at('expired-2'), 'acme'),
    umbra: await inHand(history.at(SEALED), 'umbra'),
    foreign: await inHand(foreign.at(SEALED), 'acme'),
    fork: await inHand(await forked(history, 'acme'), 'acme'),
    longFork: await inHand(await forked(history, 'zeta'), 'acme'),
  };
}

/** Something else is recorded before the newest seal. */
async function forked(history: History, tenant: string): Promise<World> {
  const world = history.at('day-4-archived');
  await world.append(tenant, [{ category: 'security', count: 3 }]);
  await world.archive();
  await history.liveOn(world, 'day-4-archived');
  return world;
}

async function inHand(world: World, tenant: string): Promise<BundleInHand> {
  const bytes = await exportBundle(world, tenant);
  const files = await unpacked(bytes);
  return { bytes, world, open: async () => new BundleFiles(files) };
}
