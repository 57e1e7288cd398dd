// Entries for the benchmarks, the same in every run.
import { canonicalBytes } from '../core/canonical/canonical.ts';
import { leafHash } from '../core/chain.ts';
import type { PreparedEntry } from '../core/entry/context.ts';
import type { JsonValue } from '../core/json/value.ts';

/** Deterministic, so that two runs measure the same bytes (mulberry32's constants). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ACTIONS = ['customer.profile.updated', 'payment.captured', 'auth.login.success', 'file.downloaded'];
const AGENTS = [
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
];

/** Entries of 0.5 to 1 KB as an application writes them: a third of each is random, as ids and hashes are. */
export function sampleEntries(count: number, seed = 1): JsonValue[] {
  const random = seededRandom(seed);
  const hex = (digits: number) => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
  return Array.from({ length: count }, (_, i) => ({
    id: `${hex(8)}-${hex(4)}-7${hex(3)}-8${hex(3)}-${hex(12)}`,
    v: 1,
    tenant: 'acme',
    action: pick(ACTIONS),
    category: 'data_modification',
    outcome: 'success',
    severity: 'info',
    description: `Record ${hex(6)} was changed by its owner`,
    occurredAt: new Date(1_750_000_000_000 + i * 37).toISOString(),
    recordedAt: new Date(1_750_000_000_100 + i * 37).toISOString(),
    actor: { type: 'user', id: `user-${hex(10)}`, email: `${hex(8)}@example.com`, role: 'clerk' },
    source: { ip: `203.0.113.${i % 256}`, userAgent: pick(AGENTS) },
    target: { type: 'customer', id: hex(16), name: `Customer ${hex(4)}` },
    context: { channel: 'api', requestId: hex(32), traceId: hex(32) },
    ...(random() < 0.5
      ? { change: { before: { limit: i, note: hex(40) }, after: { limit: i + 1, note: hex(40) } } }
      : {}),
    recorder: { type: 'token', id: 'service-account-billing' },
  }));
}

export function prepared(entry: JsonValue): PreparedEntry {
  const { id, category, recordedAt } = entry as { id: string; category: string; recordedAt: string };
  const bytes = canonicalBytes(entry);
  return { id, category, recordedAt, bytes, leafHash: leafHash(bytes) };
}
