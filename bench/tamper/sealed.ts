import { CONTENTS } from '../../core/documents/contents.ts';
import { DIGEST } from '../../core/documents/digest.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { SEGMENT_LIST } from '../../core/documents/segments.ts';
import { latestSeal, ownPolicy } from '../../services/log/published.ts';
import { readDocument } from '../../services/log/referenced.ts';
import { ORIGIN, type World } from './world.ts';

/**
 * Everything that the seals say of the entries: sizes, roots and links of each chain, and which bytes hold which
 * positions. Version ids are left out, since whoever puts a version changes those behind it.
 */
export async function sealedIn({ store, signers }: World): Promise<string> {
  const policy = ownPolicy(ORIGIN, signers.map(({ key }) => key));
  const newest = await latestSeal({ store, policy });
  const said: unknown[] = [];
  for (let index = 0; newest !== undefined && index < newest.log.size; index++) {
    const { bytes } = await newest.log.at(index);
    const { tenant, seal, chains, contents } = DIGEST.parse(bytes);
    said.push({ tenant, seal, chains, lists: contents === undefined ? [] : await listed(store, contents) });
  }
  return JSON.stringify(said);
}

async function listed(store: World['store'], ref: ObjectRef) {
  const { segments, tombstones, holds } = await readDocument(store, CONTENTS, ref);
  const lists = [];
  for (const one of segments) {
    const list = await readDocument(store, SEGMENT_LIST, one);
    lists.push(list.segments.map(({ object: { key, sha256 }, positions }) => [key, sha256, positions]));
  }
  return [lists, tombstones.map(({ key }) => key), holds.map(({ key, sha256 }) => [key, sha256])];
}
