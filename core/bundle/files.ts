// Names of the files in a bundle.
import { TileError } from '../tiles/error.ts';
import { parsePath } from '../tiles/path.ts';
import type { TileId } from '../tiles/shape.ts';

/** The files of every bundle. */
export const FILES = {
  manifest: 'bundle.json',
  readme: 'README.txt',
  keys: 'keys.txt',
  checkpoint: 'log/checkpoint',
  seals: 'log/consistency.ndjson',
  digests: 'digests.ndjson',
} as const;

/** Names the tombstones that no digest has sealed yet; there where there are some. */
export const UNSEALED_FILE = 'unsealed.ndjson';

export const documentFile = (sha256: string): string => `documents/${sha256}.json`;
export const entriesFile = (chain: number): string => `chains/${chain}/entries.ndjson`;
/** `path` is C2SP tlog-tiles'. */
export const tileFile = (chain: number, path: string): string => `chains/${chain}/${path}`;

export type BundleFile =
  | { readonly kind: 'fixed' }
  | { readonly kind: 'unsealed' }
  | { readonly kind: 'document' }
  | { readonly kind: 'entries'; readonly chain: number }
  | { readonly kind: 'tile'; readonly chain: number; readonly tile: TileId };

const FIXED: readonly string[] = Object.values(FILES);
const DOCUMENT = /^documents\/[0-9a-f]{64}\.json$/;
const OF_CHAIN = /^chains\/(0|[1-9][0-9]?)\/(.+)$/;

/** What a path is inside a bundle; undefined where no bundle has such a file. */
export function fileAt(path: string): BundleFile | undefined {
  if (FIXED.includes(path)) return { kind: 'fixed' };
  if (path === UNSEALED_FILE) return { kind: 'unsealed' };
  if (DOCUMENT.test(path)) return { kind: 'document' };
  const [, digits, rest] = OF_CHAIN.exec(path) ?? [];
  if (digits === undefined || rest === undefined) return undefined;
  const chain = Number(digits);
  if (path === entriesFile(chain)) return { kind: 'entries', chain };
  const tile = tileAt(rest);
  return tile && { kind: 'tile', chain, tile };
}

function tileAt(path: string): TileId | undefined {
  try {
    const parsed = parsePath(path);
    return 'tile' in parsed ? parsed.tile : undefined;
  } catch (error) {
    if (error instanceof TileError) return undefined;
    throw error;
  }
}
