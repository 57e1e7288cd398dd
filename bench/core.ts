// Measures what an entry costs from its JSON to its link.
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { canonicalBytes } from '../core/canonical/canonical.ts';
import { genesisLink, leafHash, nextLink } from '../core/chain.ts';
import { sha256 } from '../core/crypto.ts';
import { sampleEntries } from './entries.ts';

const ENTRIES = 5_000;

/** The best of several rounds: what the code costs, not what else the machine did meanwhile. */
const ROUNDS = 7;

export interface CoreFigures {
  readonly entryBytes: number;
  /** Microseconds an entry. */
  readonly canonicalize: number;
  readonly leaf: number;
  readonly link: number;
  readonly all: number;
  readonly bareSha256: number;
}

/** What an entry costs from JSON value to link, beside one SHA-256 of the same bytes, which nobody can do without. */
export function benchCore(): CoreFigures {
  const values = sampleEntries(ENTRIES);
  const bytes = values.map(canonicalBytes);
  const leaves = bytes.map(leafHash);
  const chain = (hashes: Iterable<Uint8Array>) => {
    let link = genesisLink('bench#0');
    for (const leaf of hashes) link = nextLink(link, leaf);
  };
  return {
    entryBytes: bytes.reduce((sum, { length }) => sum + length, 0) / ENTRIES,
    canonicalize: microseconds(() => values.map(canonicalBytes)),
    leaf: microseconds(() => bytes.map(leafHash)),
    link: microseconds(() => chain(leaves)),
    all: microseconds(() => chain(values.map((value) => leafHash(canonicalBytes(value))))),
    bareSha256: microseconds(() => bytes.map((entry) => sha256(entry))),
  };
}

function microseconds(round: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < ROUNDS; i++) {
    const start = performance.now();
    round();
    best = Math.min(best, performance.now() - start);
  }
  return (best * 1_000) / ENTRIES;
}

export function printCore(figures: CoreFigures): void {
  const { entryBytes, canonicalize, leaf, link, all, bareSha256 } = figures;
  console.log(`Core, µs an entry of ${Math.round(entryBytes)} bytes on average`);
  console.log(`  canonicalize              ${canonicalize.toFixed(2)}`);
  console.log(`  leaf hash                 ${leaf.toFixed(2)}`);
  console.log(`  link                      ${link.toFixed(2)}`);
  console.log(`  all three                 ${all.toFixed(2)}`);
  console.log(`  bare SHA-256 of the bytes ${bareSha256.toFixed(2)}`);
}

if (argv[1] === fileURLToPath(import.meta.url)) printCore(benchCore());
