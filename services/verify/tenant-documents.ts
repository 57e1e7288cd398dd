// Which documents of a tenant are looked at for what covers them.
import type { DocumentCodec } from '../../core/documents/codec.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { HOLD } from '../../core/documents/hold.ts';
import { TOMBSTONE } from '../../core/documents/tombstone.ts';
import { TileError } from '../../core/tiles/error.ts';
import { contentsKey, digestKey, LOG } from '../../names/log.ts';
import { oldestValid } from '../object-lock/slots.ts';
import { genuineTile } from './chain-tiles.ts';
import type { TenantContext } from './context.ts';
import type { DocumentKind } from './covered.ts';
import { parsedSlot, type Slotted } from './slots.ts';

const NUMBERED = /^(\d{10})\.json$/;
const LISTED = /^(\d{10})\//;
const TILE = /^(\d{2})\/(tile\/.+)$/;

/** Sorts behind every key of a folder. */
const LAST = '~';

/** What is sealed of a tenant beside its segments: all of it, or in an incremental verification what is new by its name. */
export function documentKinds(context: TenantContext): readonly DocumentKind[] {
  const recent = [digestsKind(context), contentsKind(context), listsKind(context)];
  if (context.mode === 'incremental' && context.after !== undefined) return recent;
  const slots = [
    slotKind(context, LOG.tombstonesPrefix, TOMBSTONE),
    slotKind(context, LOG.holdsPrefix, HOLD),
    tilesKind(context),
  ];
  return [...recent, ...slots];
}

function digestsKind({ lists: { tenant }, digests, after }: TenantContext): DocumentKind {
  return {
    prefix: `${LOG.digestsPrefix}tenant=${tenant}/`,
    ...(after === undefined ? {} : { after: digestKey(tenant, after.seal) }),
    about: { tenant },
    genuine: async (rest) => (await numbered(NUMBERED, rest, (seal) => digests.sealed(seal)))?.bytes,
  };
}

function contentsKind({ ports: { store }, lists: { tenant }, digests, after }: TenantContext): DocumentKind {
  const prefix = `${LOG.contentsPrefix}tenant=${tenant}/`;
  return {
    prefix,
    ...(after === undefined ? {} : { after: contentsKey(tenant, after.seal) }),
    about: { tenant },
    async genuine(rest) {
      const digest = await numbered(NUMBERED, rest, (seal) => digests.at(seal));
      return fetched(store, [digest?.contents], prefix + rest);
    },
  };
}

function listsKind({ ports: { store }, lists, digests, after }: TenantContext): DocumentKind {
  const { tenant } = lists;
  const prefix = `${LOG.listsPrefix}tenant=${tenant}/`;
  return {
    prefix,
    ...(after === undefined ? {} : { after: `${prefix}${String(after.seal).padStart(10, '0')}/${LAST}` }),
    about: { tenant },
    async genuine(rest) {
      const digest = await numbered(LISTED, rest, (seal) => digests.at(seal));
      const contents = digest && (await lists.contents(digest));
      return fetched(store, contents?.segments ?? [], prefix + rest);
    },
  };
}

/** A slot is what its oldest valid version says. */
function slotKind<Document extends Slotted>(
  { ports: { store }, lists: { tenant } }: TenantContext,
  folder: string,
  codec: DocumentCodec<Document>,
): DocumentKind {
  const prefix = `${folder}tenant=${tenant}/`;
  return {
    prefix,
    about: { tenant },
    genuine: (rest) =>
      numbered(NUMBERED, rest, async (slot) => {
        const valid = (bytes: Uint8Array, putAt: Date) => parsedSlot(codec, bytes, tenant, slot, putAt) && bytes;
        const key = prefix + rest;
        return oldestValid(store, key, await store.versions(key), codec.maxBytes, valid);
      }),
  };
}

function tilesKind({ ports: { store }, lists: { tenant, newest } }: TenantContext): DocumentKind {
  return {
    prefix: `${LOG.chainsPrefix}tenant=${tenant}/`,
    about: { tenant },
    async genuine(rest) {
      const [, chain, path] = TILE.exec(rest) ?? [];
      const head = newest.chains.find((one) => one.chain === Number(chain));
      if (head === undefined || path === undefined) return undefined;
      try {
        return await genuineTile(store, tenant, head, path);
      } catch (error) {
        if (error instanceof TileError) return undefined;
        throw error;
      }
    },
  };
}

async function numbered<T>(
  pattern: RegExp,
  rest: string,
  read: (number: number) => Promise<T | undefined>,
): Promise<T | undefined> {
  const [, number] = pattern.exec(rest) ?? [];
  return number === undefined ? undefined : read(Number(number));
}

async function fetched(
  store: TenantContext['ports']['store'],
  refs: readonly (ObjectRef | undefined)[],
  key: string,
): Promise<Uint8Array | undefined> {
  const ref = refs.find((one) => one?.key === key);
  return ref && store.fetch(key, ref.version);
}
