// Mutations by somebody who can sign: documents that digests name.
import type { BundleFiles } from '../bundles.ts';
import type { BundleMutation } from '../mutation.ts';
import { renamed } from '../reseal.ts';
import { altered, at, type Rewrite, resealed } from './shape.ts';

/** What the newest digest names, sealed anew. */
export const SEALER_DOCUMENTS: readonly BundleMutation[] = [
  resealed(
    'position-nowhere',
    'lists a position nowhere',
    { verdict: 'missing', at: [at('coverage-gap', 75, 75, 1)] },
    (digests, files) =>
      renamed(files, digests, {
        list: (list) =>
          list.chain === 1
            ? {
                ...list,
                segments: list.segments.map((one) => (one.first === 75 ? { ...one, positions: '76-94' } : one)),
              }
            : list,
      }),
  ),
  resealed(
    'position-twice',
    'lists a position in two segments',
    altered(at('coverage-overlap', 95, 95, 1)),
    (digests, files) =>
      renamed(files, digests, {
        list: (list) =>
          list.chain === 1
            ? {
                ...list,
                segments: list.segments.map((one) =>
                  one.first === 75 ? { ...one, positions: '75-95', last: 95 } : one,
                ),
              }
            : list,
      }),
  ),
  resealed(
    'list-short',
    'lists less than it seals',
    { verdict: 'missing', at: [at('coverage-gap', 95, 99, 1)] },
    (digests, files) =>
      renamed(files, digests, {
        list: (list) => (list.chain === 1 ? { ...list, through: 95, segments: list.segments.slice(0, 1) } : list),
      }),
  ),
  resealed(
    'list-of-another-tenant',
    'lists another tenant’s segments',
    { verdict: 'altered', at: [{ code: 'document-foreign', object: /^lists\/.*\/01-/ }] },
    (digests, files) =>
      renamed(files, digests, { list: (list) => (list.chain === 1 ? { ...list, tenant: 'umbra' } : list) }),
  ),
  resealed(
    'list-of-another-seal',
    'lists the segments of another seal',
    { verdict: 'altered', at: [{ code: 'document-foreign', object: /^lists\/.*\/01-/ }] },
    (digests, files) => renamed(files, digests, { list: (list) => (list.chain === 1 ? { ...list, seal: 2 } : list) }),
  ),
  resealed(
    'tombstone-early',
    'buries what is kept for a month, and removes it',
    {
      verdict: 'altered',
      at: [{ code: 'early-expiry', tenant: 'acme', chain: 1, first: 25, last: 44 }, at('body-missing', 25, 44, 1)],
      also: [
        { code: 'early-expiry', chain: 0 },
        { code: 'body-missing', chain: 0 },
      ],
    },
    bury({ category: 'data_access', retention: 'P1D' }),
  ),
  resealed(
    'tombstone-of-what-is-held',
    'buries what is under legal hold, and removes it',
    {
      verdict: 'altered',
      at: [{ code: 'held-expiry', tenant: 'acme', chain: 0, first: 330, last: 409 }],
      also: [{ code: 'body-missing', chain: 0 }],
    },
    bury({ category: 'error', retention: 'P1D' }),
  ),
  resealed(
    'tombstone-of-a-planted-version',
    'buries a version that no seal names, and removes the one that they do',
    { verdict: 'missing', at: [{ code: 'body-missing', tenant: 'acme', chain: 0 }] },
    (digests, files) =>
      renamed(files, digests, {
        tombstone: (one) => ({
          ...one,
          segments: one.segments.map((segment) => ({ ...segment, object: { ...segment.object, version: 'planted' } })),
        }),
      }),
  ),
  resealed(
    'tombstone-of-another-hash',
    'buries a version by another hash',
    {
      verdict: 'altered',
      at: [
        { code: 'tombstone-foreign', tenant: 'acme', chain: 0 },
        { code: 'body-missing', chain: 0 },
      ],
    },
    (digests, files) =>
      renamed(files, digests, {
        tombstone: (one) => ({
          ...one,
          segments: one.segments.map((segment) => ({
            ...segment,
            object: { ...segment.object, sha256: '00'.repeat(32) },
          })),
        }),
      }),
  ),
  resealed(
    'tombstone-of-another-tenant',
    'seals another tenant’s tombstone',
    {
      verdict: 'altered',
      at: [
        { code: 'document-foreign', object: /^tombstones\// },
        { code: 'body-missing', chain: 0 },
      ],
    },
    (digests, files) => renamed(files, digests, { tombstone: (one) => ({ ...one, tenant: 'umbra' }) }),
  ),
  resealed(
    'tombstone-counter-back',
    'counts tombstones back',
    altered({ code: 'slot-number', tenant: 'acme', digest: 3 }),
    (digests, files) => renamed(files, digests, { contents: (contents) => ({ ...contents, nextTombstone: 0 }) }),
  ),
];

/** Whatever of the day before is of the category is named by the newest tombstone, and its bodies go. */
function bury({ category, retention }: { category: string; retention: string }): Rewrite {
  return (digests, files) => {
    const lists = files.documents('segments').map((path) => JSON.parse(files.text(path)));
    const segments = lists
      .filter((list) => list.seal === 1)
      .flatMap((list) => list.segments.map((segment: object) => ({ ...segment, chain: list.chain })))
      .filter((segment) => segment.category === category);
    const buried = segments.map(({ object, chain, day, first, last }) => ({ object, chain, day, first, last }));
    for (const { chain, positions } of segments) removeBodies(files, chain, positions);
    return renamed(files, digests, { tombstone: (one) => ({ ...one, category, retention, segments: buried }) });
  };
}

function removeBodies(files: BundleFiles, chain: number, positions: string): void {
  const wanted = positions.split(',').flatMap((run) => {
    const [first, last = first] = run.split('-').map(Number) as [number, number?];
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  const lines = new Set(wanted.map((position) => files.lineOf(chain, position)));
  files.editEntries(chain, (all) => all.filter((_, i) => !lines.has(i)));
}
