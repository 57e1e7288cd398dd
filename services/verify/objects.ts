// Finds objects and markers among a tenant's entries that no seal names.
import { equalBytes, fromHex, sha256 } from '../../core/crypto.ts';
import type { ObjectRef } from '../../core/documents/fields.ts';
import { segmentPlace } from '../../names/archive.ts';
import type { EvidenceStore, ListedVersion } from '../object-lock/port.ts';
import { byKey } from './by-key.ts';
import type { ScanStep } from './covered.ts';
import { type LiveFinding, liveFinding } from './finding.ts';

/** What a tenant's seals say about the keys of its segments. */
export interface SealedNames {
  readonly tenant: string;
  /** How much of a chain is sealed. */
  sizeOf(chain: number): number;
  /** Every version under which a sealed list names the key, whose first position is `first`; empty when none does. */
  named(key: string, chain: number, first: number): Promise<readonly ObjectRef[]>;
}

/**
 * Looks at every key under a prefix of the tenant's entries for what misleads those who read current versions, as
 * queries do: a version or a delete marker over a sealed one, and an object among the sealed positions that no seal knows.
 */
export async function* scanObjects(
  store: EvidenceStore,
  names: SealedNames,
  prefix: string,
  after?: string,
): AsyncGenerator<ScanStep, void, undefined> {
  for await (const versions of byKey(store.list(prefix, after))) {
    const found = await classify(store, names, versions);
    yield { key: versions[0]!.key, ...(found && { finding: found }) };
  }
}

async function classify(
  store: EvidenceStore,
  names: SealedNames,
  versions: readonly ListedVersion[],
): Promise<LiveFinding | undefined> {
  const { key } = versions[0]!;
  const newest = versions.find(({ latest }) => latest) ?? versions[0]!;
  const place = segmentPlace(key);
  const about = { tenant: names.tenant, object: `${key} version ${newest.version}` };
  if (place === undefined) {
    if (newest.marker) return undefined;
    return liveFinding('stray', { ...about, expected: 'segments only', found: 'an object under another name' });
  }
  const { chain, first } = place;
  if (first >= names.sizeOf(chain)) return undefined;
  const at = { ...about, chain, first, last: first };
  const named = await names.named(key, chain, first);
  if (named.length === 0) {
    if (newest.marker) return undefined;
    return liveFinding('stray', { ...at, expected: 'no object that no seal names', found: 'a current version' });
  }
  if (named.some(({ version }) => version === newest.version)) return undefined;
  return coveringFinding(store, named, versions, newest, at);
}

/** Bytes equal to the sealed ones mislead nobody; a delete marker over what has expired hides nothing. */
async function coveringFinding(
  store: EvidenceStore,
  named: readonly ObjectRef[],
  versions: readonly ListedVersion[],
  newest: ListedVersion,
  place: { readonly tenant: string; readonly object: string },
): Promise<LiveFinding | undefined> {
  const sealed = named.find(({ version }) => versions.some((one) => one.version === version));
  const expected = `version ${(sealed ?? named[0]!).version} to be the current one`;
  if (newest.marker) {
    return sealed && liveFinding('covered', { ...place, expected, found: 'a delete marker over it' });
  }
  if (await hasBytesOf(store, newest, named)) return undefined;
  const found = sealed === undefined ? 'another version in its place' : 'another version over it';
  return liveFinding('covered', { ...place, expected, found });
}

async function hasBytesOf(
  store: EvidenceStore,
  { key, version, size }: ListedVersion,
  named: readonly ObjectRef[],
): Promise<boolean> {
  const alike = named.filter(({ bytes }) => bytes === size);
  if (alike.length === 0) return false;
  const bytes = await store.fetch(key, version);
  if (bytes === undefined) return false;
  const digest = sha256(bytes);
  return alike.some((ref) => equalBytes(fromHex(ref.sha256), digest));
}
