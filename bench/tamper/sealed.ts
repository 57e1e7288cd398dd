// What the seals of a deployment say.
import { CONTENTS } from '../../core/documents/contents.ts';
import { DIGEST } from '../../core/documents/digest.ts';
import { latestSeal, ownPolicy } from '../../services/log/published.ts';
import { readDocument } from '../../services/log/referenced.ts';
import { ORIGIN, type World } from './world.ts';

/**
 * What the seals say of the entries: sizes, roots and links of each chain, tombstones and holds. In which files the
 * entries are is left out: whoever puts a true segment first decides where it ends, and verifying looks into them anyway.
 */
export async function sealedIn({ store, signers }: World): Promise<string> {
  const policy = ownPolicy(
    ORIGIN,
    signers.map(({ key }) => key),
  );
  const newest = await latestSeal({ store, policy });
  const said: unknown[] = [];
  for (let index = 0; newest !== undefined && index < newest.log.size; index++) {
    const { bytes } = await newest.log.at(index);
    const { tenant, seal, chains, contents } = DIGEST.parse(bytes);
    const named = contents && (await readDocument(store, CONTENTS, contents));
    const events = [named?.tombstones ?? [], named?.holds ?? []].map((refs) => refs.map(({ key }) => key));
    said.push({ tenant, seal, chains, events });
  }
  return JSON.stringify(said);
}
