// Segments as Parquet, and files that say something else.
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { parquetSegments, readSegment } from '../../../adapters/parquet/segment.ts';
import { zstd } from '../../../adapters/zstd.ts';
import { canonicalBytes } from '../../../core/canonical/canonical.ts';
import { genesisLink } from '../../../core/chain.ts';
import { toHex } from '../../../core/crypto.ts';
import { SEGMENT_COLUMNS } from '../../../names/segment.ts';
import { SegmentFault } from '../../../services/archive/port.ts';
import { rowsOf } from '../../../services/archive/rows.ts';
import { CHAIN, MARCH_1, some } from '../../support/archiving.ts';
import { blockAtPlace, chainOf } from '../../support/ledger-stream.ts';

const rows = chainOf(CHAIN, [some('payment', 40)]).flatMap((block) => rowsOf(block, zstd));
const bytes = parquetSegments.encode(7, rows);
const compressors = { ZSTD: (page: Uint8Array) => new Uint8Array(zstdDecompressSync(page)) };

const read = (file: Uint8Array) => parquetReadObjects({ file: file.slice().buffer, compressors, utf8: false });

/** A segment whose one entry has these fields beside those that file it. */
async function columnsOf(fields: Record<string, unknown>): Promise<Record<string, unknown>> {
  const filed = { tenant: 'acme', category: 'payment', recordedAt: '2026-03-01T10:00:00.005Z' };
  const entry = canonicalBytes({ ...filed, ...fields } as never);
  const block = blockAtPlace({ chain: CHAIN, position: 0, previousLink: genesisLink(CHAIN) }, [entry], MARCH_1);
  const [row] = await read(parquetSegments.encode(0, rowsOf(block, zstd)));
  return row!;
}

/** The file with another codec for its pages, and with one thing that it says changed. */
function repacked(change: (columns: { name: string; data: unknown[] }[]) => void = () => {}): Promise<Uint8Array> {
  return read(bytes).then((objects) => {
    const { schema, created_by } = parquetMetadata(bytes.slice().buffer);
    const columnData = SEGMENT_COLUMNS.map(({ name }) => ({
      name,
      data: objects.map((object) => object[name] ?? undefined) as unknown[],
      ...(DISTINCT.has(name) ? { encoding: 'PLAIN' as const } : {}),
      ...(WITHOUT_STATISTICS.has(name) ? { statistics: false } : {}),
    }));
    change(columnData);
    const compress = (page: Uint8Array) =>
      zstdCompressSync(page, { params: { [constants.ZSTD_c_compressionLevel]: 9 } });
    const written = parquetWriteBuffer({
      ...{ columnData: columnData as never, schema, codec: 'ZSTD', compressors: { ZSTD: compress } },
      ...{ rowGroupSize: rows.length, pageSize: 256 * 1024 * 1024, createdBy: created_by! },
    });
    return new Uint8Array(written);
  });
}

const DISTINCT = new Set(['position', 'id', 'entry', 'leaf_hash', 'link']);
const WITHOUT_STATISTICS = new Set(['entry', 'leaf_hash', 'link']);

describe('a file is faithful to its rows', () => {
  const isFaithful = async (file: Uint8Array) => {
    expect(await readSegment(file)).toHaveLength(rows.length);
    return parquetSegments.isFaithful(file, 7, rows);
  };

  test('when it is what they encode to, or packed otherwise and says the same', async () => {
    expect(await isFaithful(bytes)).toBe(true);
    const other = await repacked();
    expect(toHex(other)).not.toBe(toHex(bytes));
    expect(await isFaithful(other)).toBe(true);
  });

  test('not when a column that queries read says something else', async () => {
    const change = (name: string, value: unknown) =>
      repacked((columns) => {
        columns.find((column) => column.name === name)!.data[3] = value;
      });
    expect(await isFaithful(await change('actor_id', 'somebody else'))).toBe(false);
    expect(await isFaithful(await change('recorded_at', new Date(MARCH_1 - 86_400_000)))).toBe(false);
    expect(await isFaithful(await change('severity', undefined))).toBe(false);
  });

  test('not when its bounds would let a reader skip it', async () => {
    const other = await repacked((columns) => {
      Object.assign(columns.find(({ name }) => name === 'actor_id')!, { statistics: false });
    });
    expect(await isFaithful(other)).toBe(false);
  });

  test('not when it is of another chain', async () => {
    expect(await parquetSegments.isFaithful(bytes, 8, rows)).toBe(false);
  });
});

describe('a segment file', () => {
  test('gives back position, bytes, leaf hash and link of every row', async () => {
    const back = await readSegment(bytes);
    expect(back.map(({ position }) => position)).toEqual(rows.map(({ position }) => position));
    for (const [i, row] of back.entries()) {
      expect(toHex(row.bytes)).toBe(toHex(rows[i]!.bytes));
      expect(toHex(row.leafHash)).toBe(toHex(rows[i]!.leafHash));
      expect(toHex(row.link)).toBe(toHex(rows[i]!.link));
    }
  });

  test('has the columns that the table declares, typed', async () => {
    const { schema, created_by } = parquetMetadata(bytes.slice().buffer);
    expect(schema.slice(1).map(({ name }) => name)).toEqual(SEGMENT_COLUMNS.map(({ name }) => name));
    expect(created_by).toBe('indelible segment 1');
    const [first] = await read(bytes);
    expect(first).toMatchObject({
      ...{ chain: 7, position: 0n, id: 'entry-0', action: 'invoice.paid', outcome: 'success', severity: 'info' },
      ...{ actor_type: 'user', actor_id: 'user-0', actor_name: 'Zoë', channel: 'api', request_id: 'request-0' },
      ...{ response_time_ms: 0.5, recorder_id: 'subject', recorded_at: new Date(MARCH_1) },
      entry: Buffer.from(rows[0]!.bytes).toString(),
    });
    expect(first!.target_id).toBeFalsy();
  });

  test('takes times in any offset to UTC milliseconds', async () => {
    const columns = await columnsOf({ occurredAt: '2026-03-01T12:00:00.123456+02:00' });
    expect(columns.occurred_at).toEqual(new Date('2026-03-01T10:00:00.123Z'));
  });

  test.each<Record<string, unknown>>([
    { id: 7, action: { a: 1 }, actor: 'somebody', recorder: null, context: { responseTimeMs: '12' } },
    { occurredAt: 'once upon a time', source: [], target: { id: 12 }, description: null },
  ])('holds an entry of odd fields all the same: %j', async (fields) => {
    const columns = await columnsOf(fields);
    expect(JSON.parse(String(columns.entry))).toMatchObject(fields);
    expect(columns.occurred_at ?? null).toBeNull();
  });

  test('of one entry and of many are read alike', async () => {
    for (const count of [1, 2, 999, 2500]) {
      const many = chainOf(
        CHAIN,
        Array.from({ length: Math.ceil(count / 500) }, (_, i) => some('debug', Math.min(500, count - i * 500))),
      ).flatMap((block) => rowsOf(block, zstd));
      expect(await readSegment(parquetSegments.encode(0, many))).toHaveLength(count);
    }
  });

  test('with any byte changed is read as it was, or refused', async () => {
    const want = JSON.stringify(
      (await readSegment(bytes)).map(({ bytes: entry, link }) => [toHex(entry), toHex(link)]),
    );
    let refused = 0;
    for (let at = 0; at < bytes.length; at += 7) {
      const changed = bytes.slice();
      changed[at] = changed[at]! ^ 0x41;
      try {
        const back = await readSegment(changed);
        // Links are for whoever has the rows between to check; the entries are bound by their leaf hashes here.
        const got = back.map(({ bytes: entry }) => toHex(entry));
        expect(JSON.parse(want).map(([entry]: [string]) => entry)).toEqual(got);
      } catch (error) {
        expect(error).toBeInstanceOf(SegmentFault);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(50);
  });

  test.each<[string, () => Uint8Array]>([
    ['cut off', () => bytes.slice(0, -9)],
    ['empty', () => new Uint8Array()],
    ['followed by other bytes', () => Buffer.concat([bytes, Buffer.from('more')])],
    ['of another schema', () => new Uint8Array(parquetWriteBuffer({ columnData: [{ name: 'position', data: [1n] }] }))],
    ['without rows', () => parquetSegments.encode(0, [])],
    ['whose rows are out of order', () => parquetSegments.encode(0, rows.toReversed())],
    ['with a position twice', () => parquetSegments.encode(0, [rows[0]!, rows[0]!])],
    ['with a wrong leaf hash', () => parquetSegments.encode(0, [{ ...rows[0]!, leafHash: rows[1]!.leafHash }])],
    ['with half a link', () => parquetSegments.encode(0, [{ ...rows[0]!, link: rows[0]!.link.slice(16) }])],
  ])('%s is refused', async (_name, make) => {
    await expect(readSegment(make())).rejects.toThrow(SegmentFault);
  });
});
