// Proofs, digests, documents, tiles and bodies in the API's description.
import * as Type from 'typebox';
import { PATHS } from '../../../names/api.ts';
import { MAX_TILES } from '../../../services/prove/chain.ts';
import { MAX_DIGESTS } from '../../../services/prove/pages.ts';
import type { Operation } from './operation.ts';
import { Chain, Count, Hash, PlaceInPath, ref, strict, TreeHash } from './schemas.ts';

const Tree = { size: Count, root: TreeHash, proof: Type.Array(TreeHash) };
const bytes = (description: string) => Type.String({ contentEncoding: 'binary', description });

const DigestPage = Type.Object(
  {
    tenant: Type.String(),
    checkpoint: Type.String({ description: 'C2SP signed note' }),
    digests: Type.Array(
      Type.Object({ number: Count, index: Count, digest: Type.String(), proof: Type.Array(TreeHash) }, strict),
    ),
    seals: Type.Array(Type.Object({ seal: Count, ...Tree }, strict)),
    next: Type.Union([Count, Type.Null()], { description: '`after` of the next page' }),
    tombstones: Type.Array(
      Type.Object({ bytes: Count, key: Type.String(), sha256: Hash, version: Type.String() }, strict),
      { description: 'on the last page: tombstones that none of the digests has sealed' },
    ),
  },
  strict,
);

const WHOLE = ['plan-limit', 'not-intact'] as const;

export const EVIDENCE_OPERATIONS = {
  proveEntry: {
    ...{ name: 'proveEntry', method: 'GET', path: PATHS.proof, tag: 'Evidence' },
    summary: 'The proof of an entry, up to a signed checkpoint',
    pathParameters: PlaceInPath,
    answers: { 200: { description: 'It verifies', content: { 'application/json': ref('EntryProof') } } },
    problems: ['invalid-path', 'not-found', 'not-sealed', 'not-intact', 'not-recorded'],
  },
  listDigests: {
    ...{ name: 'listDigests', method: 'GET', path: PATHS.digests, tag: 'Evidence' },
    summary: 'The digests of the tenant, with proofs to one checkpoint',
    query: Type.Object({
      after: Type.Optional(Count),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_DIGESTS, default: MAX_DIGESTS })),
      size: Type.Optional(
        Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'of the checkpoint to prove to' }),
      ),
    }),
    answers: { 200: { description: 'A page', content: { 'application/json': DigestPage } } },
    problems: [...WHOLE, 'invalid-query', 'not-sealed'],
  },
  readDocument: {
    ...{ name: 'readDocument', method: 'GET', path: PATHS.document, tag: 'Evidence' },
    summary: 'A document that a digest names, by its hash',
    pathParameters: Type.Object({ sha256: Hash }),
    query: Type.Object({ key: Type.String({ description: 'the key that names it' }) }),
    answers: {
      200: {
        description: 'Its bytes',
        content: { 'application/json': Type.Unsafe<unknown>({ type: 'object', description: 'docs/format.md' }) },
      },
    },
    problems: [...WHOLE, 'invalid-path', 'invalid-query', 'not-found', 'too-large', 'not-recorded'],
  },
  readTile: {
    ...{ name: 'readTile', method: 'GET', path: PATHS.chainTile, tag: 'Evidence' },
    summary: "A tile of a chain's tree, by the paths of C2SP tlog-tiles",
    pathParameters: Type.Object({ chain: Chain, proxy: Type.String() }),
    answers: {
      200: { description: 'Hashes', content: { 'application/octet-stream': bytes('hashes of 32 bytes each') } },
    },
    problems: [...WHOLE, 'invalid-path', 'not-found'],
  },
  readTiles: {
    ...{ name: 'readTiles', method: 'GET', path: PATHS.chainTiles, tag: 'Evidence' },
    summary: "Neighbouring tiles of one level of a chain's tree",
    pathParameters: Type.Object({
      chain: Chain,
      level: Type.Integer({ minimum: 0, maximum: 63, description: 'of C2SP tlog-tiles: 0 holds the leaf hashes' }),
    }),
    query: Type.Object({
      from: Type.Optional(Count),
      count: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_TILES, default: MAX_TILES })),
    }),
    answers: {
      200: {
        description: 'The hashes of tile `from` and of those behind it, in order; all but the last have 256',
        headers: { 'x-next': Type.String({ pattern: '^\\d+$', description: 'the tile behind; absent at the end' }) },
        content: { 'application/octet-stream': bytes('hashes of 32 bytes each') },
      },
    },
    problems: [...WHOLE, 'invalid-path', 'invalid-query', 'not-found'],
  },
  readBodies: {
    ...{ name: 'readBodies', method: 'GET', path: PATHS.bodies, tag: 'Evidence' },
    summary: 'The sealed entries of a chain that still exist',
    pathParameters: Type.Object({ chain: Chain }),
    query: Type.Object({ from: Type.Optional(Count), through: Type.Optional(Count) }),
    answers: {
      200: {
        description: 'Canonical bytes and a line feed each, in order of position',
        headers: {
          'x-positions': Type.String({ description: 'which positions they are; absent when there is none' }),
          'x-next': Type.String({ pattern: '^\\d+$', description: 'position to go on from; absent at the end' }),
        },
        content: { 'application/x-ndjson': Type.String() },
      },
    },
    problems: [...WHOLE, 'invalid-path', 'invalid-query', 'not-found', 'not-recorded'],
  },
} as const satisfies Readonly<Record<string, Operation>>;
