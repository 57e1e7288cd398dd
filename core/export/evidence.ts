// The lines of an export's evidence: entries with their integrity.
import { canonicalBytes } from '../canonical/canonical.ts';
import { leafHash } from '../chain.ts';
import { equalBytes, toHex } from '../crypto.ts';
import type { Entry } from '../entry/schema.ts';
import { entryWithIntegrity } from '../entry/with-integrity.ts';
import { parseJson } from '../json/parse.ts';
import { isJsonObject, type JsonValue } from '../json/value.ts';
import { EntryRules } from '../verify/entry-rules.ts';
import { RowError } from './rows.ts';

/** One line of an export's evidence. */
export interface EvidenceRow {
  readonly entry: Entry;
  /** The entry's canonical bytes. */
  readonly bytes: Uint8Array;
  readonly chain: number;
  readonly position: number;
  /** In lower-case hex, like `link`. */
  readonly leafHash: string;
  readonly link: string;
}

const LINE_FEED = 0x0a;

/** The entry with its integrity, and LF. */
export function evidenceLine(row: Omit<EvidenceRow, 'entry'>): Uint8Array {
  const { bytes, chain, position, leafHash: leaf, link } = row;
  const text = entryWithIntegrity(bytes, { chain, position, leafHash: leaf, link });
  const line = new Uint8Array(text.length + 1);
  line.set(text);
  line[text.length] = LINE_FEED;
  return line;
}

/**
 * A line, without its LF, from bytes that may be hostile; its leaf hash is that of its entry. Throws RowError for whatever
 * `evidenceLine` does not write.
 */
export function readEvidenceLine(line: Uint8Array): EvidenceRow {
  const value = parsed(line);
  const { entry, chain, position, leafHash: leaf, link } = value;
  if (!isJsonObject(entry) || typeof chain !== 'number' || typeof position !== 'number') throw malformed();
  if (typeof leaf !== 'string' || typeof link !== 'string' || line.includes(LINE_FEED)) throw malformed();
  const bytes = canonicalBytes(entry);
  const row = { entry: entry as unknown as Entry, bytes, chain, position, leafHash: leaf, link };
  const written = evidenceLine(row);
  if (!equalBytes(written.subarray(0, -1), line)) throw malformed();
  const fault = new EntryRules(typeof entry.tenant === 'string' ? entry.tenant : '').check(bytes);
  if (fault !== undefined) throw new RowError(`what is at ${chain}/${position} is no entry (${fault})`);
  if (toHex(leafHash(bytes)) !== leaf) throw new RowError(`the entry at ${chain}/${position} has not its leaf hash`);
  return row;
}

function parsed(line: Uint8Array): Readonly<Record<string, JsonValue>> {
  try {
    const value = parseJson(line);
    if (isJsonObject(value)) return value;
  } catch (cause) {
    throw new RowError('a line of the evidence is not JSON', { cause });
  }
  throw malformed();
}

const malformed = () => new RowError('a line of the evidence is none that an export writes');
