// The examples of the C2SP specifications.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parsePath, tilePath } from '../../core/tiles/path.ts';
import { treeShape } from '../../core/tiles/shape.ts';
import { checkNote, type NoteCases } from './notes.ts';
import { type Case, demand, type Suite } from './suite.ts';

interface TileCases {
  readonly indexPath: readonly { readonly index: number; readonly path: string }[];
  readonly treeShape: readonly {
    readonly size: number;
    readonly tiles: readonly { readonly level: number; readonly full: number; readonly partialWidth: number }[];
  }[];
}

/** The examples that the specifications themselves give. */
export const specExamples: Suite = {
  folder: 'C2SP-spec-examples',
  *cases(directory): Generator<Case> {
    const read = (file: string) => JSON.parse(readFileSync(join(directory, file), 'utf8'));
    yield* (read('signed-note-cases.json') as NoteCases).cases.map(checkNote);
    const tiles = read('tile-path-cases.json') as TileCases;
    for (const { index, path } of tiles.indexPath) {
      yield { name: `path of ${index}`, check: () => checkPath(index, `tile/0/${path}`) };
    }
    for (const { size, tiles: want } of tiles.treeShape) {
      yield {
        name: `tiles of ${size}`,
        check() {
          const got = treeShape(size).map(({ level, full, partial }) => ({ level, full, partialWidth: partial }));
          demand(JSON.stringify(got) === JSON.stringify(want), `got ${JSON.stringify(got)}`);
        },
      };
    }
  },
};

function checkPath(index: number, path: string): void {
  const tile = { level: 0, index, width: 256 };
  demand(tilePath(tile) === path, `got ${tilePath(tile)}, want ${path}`);
  demand(JSON.stringify(parsePath(path)) === JSON.stringify({ tile }), 'reads back as another tile');
}
