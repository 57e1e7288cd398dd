/** Verifications, digests and keys as the API gives them. */
import type { Operations } from '../../console/api/operations.ts';

type Summary = Operations['listVerifications']['answer']['verifications'][number];
type Report = Operations['readVerification']['answer'];

const DAY_MS = 86_400_000;
export const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

export function summary(over: Partial<Summary> = {}): Summary {
  return {
    ...{ id: '20261129T030000000Z-00000001', mode: 'incremental', startedAt: daysAgo(0.2), verdict: 'intact' },
    ...{ seal: 12, firstDigest: 12, lastDigest: 12, findingCount: 0 },
    entries: { entries: 1_500, bytes: 1_000_000, intact: 1_500, expired: 0, missing: 0, altered: 0 },
    ...over,
  };
}

export function report(over: Partial<Report> = {}): Report {
  return { ...summary(), notes: [], findings: [], findingsLeftOut: 0, ...over };
}

/** Digests 0 to `last`, a day apart; the newest is sealed a few hours ago. */
export function digestPage(
  last: number,
  after: number | undefined,
  limit: number,
): Operations['listDigests']['answer'] {
  const first = after === undefined ? 0 : after + 1;
  const numbers = Array.from({ length: Math.max(0, Math.min(limit, last - first + 1)) }, (_, i) => first + i);
  const end = numbers.at(-1) ?? last;
  return {
    ...{ tenant: 'north', checkpoint: '', tombstones: [], next: end < last ? end : null },
    digests: numbers.map((number) => ({
      ...{ number, index: number * 2, proof: [] },
      digest: JSON.stringify({
        ...{ kind: 'digest', number, seal: number, sealedAt: daysAgo(last - number + 0.25) },
        ...{ nextBy: daysAgo(last - number - 0.8), chains: [{ chain: 0, size: 100 + number * 40 }] },
      }),
    })),
    seals: numbers.map((seal) => ({
      seal,
      size: seal * 2 + 2,
      root: 'q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=',
      proof: [],
    })),
  };
}

export const KEYS = [
  'log.example/indelible+0a1b2c3d+AawS30KZZZZ5KZ5bT7Xh6nVCSnmTL36TcdKqSyGlMpEp',
  'log.example/indelible+4e5f6a7b+BqwS30KZZZZ5KZ5bT7Xh6nVCSnmTL36TcdKqSyGlMpEp',
].join('\n');

/** Its signatures are of the right form, and of nobody. */
export function checkpointText(at: Date, size = 26): string {
  const signature = (id: string, time?: Date) => {
    const bytes = new Uint8Array(4 + (time === undefined ? 0 : 8) + 64);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, Number.parseInt(id, 16));
    if (time !== undefined) view.setBigUint64(4, BigInt(Math.floor(time.getTime() / 1_000)));
    return `— log.example/indelible ${Buffer.from(bytes).toString('base64')}\n`;
  };
  const head = `log.example/indelible\n${size}\nq83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=\n`;
  return `${head}\n${signature('0a1b2c3d')}${signature('4e5f6a7b', at)}`;
}
