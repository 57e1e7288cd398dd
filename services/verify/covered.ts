// Finds objects that hide or cover documents, tiles and checkpoints.
import { equalBytes } from '../../core/crypto.ts';
import type { OnForeign } from '../log/versions.ts';
import type { EvidenceStore, ListedVersion } from '../object-lock/port.ts';
import { byKey } from './by-key.ts';
import { type LiveFinding, liveFinding, type OnLiveFinding } from './finding.ts';

/** Keys that are looked at together. */
export interface DocumentKind {
  readonly prefix: string;
  /** Keys up to this one were looked at before. */
  readonly after?: string;
  readonly about: Pick<LiveFinding, 'tenant'>;
  /** What is sealed under a key, given without the prefix; undefined when nothing is. */
  genuine(rest: string): Promise<Uint8Array | undefined>;
}

/** One key looked at: resume after it. */
export interface ScanStep {
  readonly key: string;
  readonly finding?: LiveFinding;
}

/**
 * Looks for what hides or covers documents, tiles and checkpoints. Where a key has one version only, there is nothing to
 * mislead anybody; whether that is the right one is for whoever reads what it says.
 */
export async function* scanDocuments(
  store: EvidenceStore,
  { prefix, about, genuine }: DocumentKind,
  after?: string,
): AsyncGenerator<ScanStep, void, undefined> {
  for await (const versions of byKey(store.list(prefix, after))) {
    const { key } = versions[0]!;
    const newest = versions.find(({ latest }) => latest) ?? versions[0]!;
    const suspicious = versions.length > 1 || newest.marker;
    const sealed = suspicious ? await genuine(key.slice(prefix.length)) : undefined;
    const covers = sealed !== undefined && !(await hasBytes(store, newest, sealed));
    yield { key, ...(covers ? { finding: coveredFinding(about, newest) } : {}) };
  }
}

/** Told alike by whoever comes across it, so that it is one finding. */
function coveredFinding(
  about: Pick<LiveFinding, 'tenant' | 'chain'>,
  { key, version, marker }: Pick<ListedVersion, 'key' | 'version' | 'marker'>,
): LiveFinding {
  const found = marker ? 'a delete marker' : 'another version';
  const expected = 'the sealed version to be the current one';
  return liveFinding('covered', { ...about, object: `${key} version ${version}`, expected, found });
}

/** Versions over genuine ones, as whoever reads the log comes across them. */
export function foreignFindings(report: OnLiveFinding, about: Pick<LiveFinding, 'tenant' | 'chain'>): OnForeign {
  return async (key, { version }) => report(coveredFinding(about, { key, version, marker: false }));
}

async function hasBytes(
  store: EvidenceStore,
  { key, version, size, marker }: ListedVersion,
  sealed: Uint8Array,
): Promise<boolean> {
  if (marker || size !== sealed.length) return false;
  const bytes = await store.fetch(key, version);
  return bytes !== undefined && equalBytes(bytes, sealed);
}
