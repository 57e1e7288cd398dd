// The vectors of transparency-dev/merkle.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leafHash } from '../../core/chain.ts';
import { fromHex, sha256, toHex } from '../../core/crypto.ts';
import { CompactRange } from '../../core/merkle/compact.ts';
import { ProofError } from '../../core/merkle/error.ts';
import { proveConsistency, proveInclusion, treeRoot } from '../../core/merkle/prove.ts';
import { verifyConsistency, verifyInclusion } from '../../core/merkle/verify.ts';
import { MemoryNodes } from '../support/memory-nodes.ts';
import { NaiveTree } from '../support/naive-tree.ts';
import { type Case, demand, demandRefusal, type Suite } from './suite.ts';

/** RFC 6962 proofs, good and mutated; a small tree node by node; and digests over every proof in trees of up to 130. */
export const merkle: Suite = {
  folder: 'transparency-dev-merkle',
  *cases(directory): Generator<Case> {
    yield* proofs(join(directory, 'testdata', 'inclusion'), checkInclusion);
    yield* proofs(join(directory, 'testdata', 'consistency'), checkConsistency);
    yield* referenceRoots(join(directory, 'reference-roots.json'));
    yield* subtrees(join(directory, 'accumulated-subtree-vectors.json'));
  },
};

interface ProofCase {
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
}

interface InclusionCase extends ProofCase {
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly root: string;
  readonly leafHash: string;
}

interface ConsistencyCase extends ProofCase {
  readonly size1: number;
  readonly size2: number;
  readonly root1: string;
  readonly root2: string;
}

function* proofs<T extends ProofCase>(directory: string, verify: (vector: T) => void): Generator<Case> {
  for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (!file.endsWith('.json')) continue;
    yield {
      name: file,
      check() {
        // 2^64 − 1 is read as 2^64: as unsafe as the number meant, so the refusal is the same.
        const vector = JSON.parse(readFileSync(join(directory, file), 'utf8')) as T;
        if (vector.wantErr) demandRefusal(ProofError, undefined, () => verify(vector));
        else verify(vector);
      },
    };
  }
}

function checkInclusion({ leafIdx, treeSize, root, leafHash: leaf, proof }: InclusionCase): void {
  const inclusion = { index: leafIdx, size: treeSize, root: bytes(root), leafHash: bytes(leaf) };
  verifyInclusion(inclusion, (proof ?? []).map(bytes));
}

function checkConsistency({ size1, size2, root1, root2, proof }: ConsistencyCase): void {
  const trees = { older: { size: size1, root: bytes(root1) }, newer: { size: size2, root: bytes(root2) } };
  verifyConsistency(trees, (proof ?? []).map(bytes));
}

interface ReferenceRoots {
  readonly leafInputsHex: readonly string[];
  readonly nodeHashesHexByLevel: readonly (readonly string[])[];
  readonly rootHashesHexBySize: readonly string[];
}

function* referenceRoots(file: string): Generator<Case> {
  const vector = JSON.parse(readFileSync(file, 'utf8')) as ReferenceRoots;
  const leaves = vector.leafInputsHex.map((hex) => leafHash(fromHex(hex)));
  for (const [size, want] of vector.rootHashesHexBySize.entries()) {
    yield {
      name: `root of ${size}`,
      check() {
        const range = new CompactRange();
        for (const leaf of leaves.slice(0, size)) {
          range.append(leaf, (level, index, hash) => {
            const node = vector.nodeHashesHexByLevel[level]?.[index];
            demand(toHex(hash) === node, `got node ${level}/${index} ${toHex(hash)}, want ${node}`);
          });
        }
        demand(toHex(range.root()) === want, `got ${toHex(range.root())}, want ${want}`);
      },
    };
  }
}

const LEAVES = Array.from({ length: 130 }, (_, i) => Uint8Array.of(i));
const HASHES = LEAVES.map(leafHash);

type Digests = Readonly<Record<'subtreeHash' | 'inclusion' | 'consistency', { readonly sha256: string }>>;

/** Covering a range with two subtrees, the fourth digest, is nothing that this project does. */
function* subtrees(file: string): Generator<Case> {
  const want = JSON.parse(readFileSync(file, 'utf8')) as Digests;
  const lines = { subtreeHash: hashLines, inclusion: inclusionLines, consistency: consistencyLines };
  for (const kind of ['subtreeHash', 'inclusion', 'consistency'] as const) {
    yield {
      name: `subtrees: ${kind}`,
      async check() {
        let text = '';
        for await (const line of lines[kind]()) text += `${line}\n`;
        const got = toHex(sha256(new TextEncoder().encode(text)));
        demand(got === want[kind].sha256, `got ${got}, want ${want[kind].sha256}`);
      },
    };
  }
}

async function* hashLines(): AsyncGenerator<string> {
  for (const [start, end] of validSubtrees(LEAVES.length)) {
    const root = await treeRoot(new MemoryNodes(HASHES.slice(start, end)), end - start);
    yield `[${start}, ${end}) ${toHex(root)}`;
  }
}

async function* inclusionLines(): AsyncGenerator<string> {
  for (const [start, end] of validSubtrees(LEAVES.length)) {
    const nodes = new MemoryNodes(HASHES.slice(start, end));
    for (let index = start; index < end; index++) {
      const proof = await proveInclusion(nodes, index - start, end - start);
      yield `${index} [${start}, ${end})${hexes(proof)}`;
    }
  }
}

/** Subtrees that begin at leaf 0 by the project's code, the others by the reference that its code is tested against. */
async function* consistencyLines(): AsyncGenerator<string> {
  const naive = new NaiveTree(LEAVES);
  const nodes = new MemoryNodes(HASHES);
  for (let size = 0; size <= LEAVES.length; size++) {
    for (const [start, end] of validSubtrees(size)) {
      const isPrefix = start === 0 && end > 0;
      const proof = isPrefix ? await proveConsistency(nodes, end, size) : naive.consistency(start, end, size);
      yield `[${start}, ${end}) ${size}${hexes(proof)}`;
    }
  }
}

function* validSubtrees(size: number): Generator<[start: number, end: number]> {
  for (let end = 0; end <= size; end++) {
    for (let start = 0; start <= end; start++) {
      let width = 1;
      while (width < end - start) width *= 2;
      if (start === end || start % width === 0) yield [start, end];
    }
  }
}

function hexes(hashes: readonly Uint8Array[]): string {
  return hashes.map((hash) => ` ${toHex(hash)}`).join('');
}

function bytes(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'));
}
