// Makes ZIP archives, true ones and forged ones.
import { crc32, deflateRawSync } from 'node:zlib';

type Fields = Readonly<Record<string, number>>;

/** One entry of a forged archive: valid where nothing else is said, and whatever is said where something is. */
export interface Forgery {
  readonly name: string;
  readonly content?: string;
  readonly method?: number;
  /** Bytes before the local header. */
  readonly gap?: string;
  /** In place of the content's deflate stream. */
  readonly data?: Uint8Array;
  /** Fields of both headers, of one of them, and of the descriptor. */
  readonly both?: Fields;
  readonly local?: Fields;
  readonly central?: Fields;
  readonly descriptor?: Fields | 'none' | 'without-signature';
  readonly localExtra?: Uint8Array;
  readonly centralExtra?: Uint8Array;
  readonly comment?: string;
}

interface ForgedEnd {
  readonly beforeDirectory?: string;
  readonly gap?: string;
  readonly fields?: Fields;
  readonly comment?: string;
  readonly behind?: string;
}

/**
 * Archives from a second reading of the profile, record by record, without ZIP64. It believes what it is told, so that
 * a lie can be told in one place, or in all of them consistently.
 */
export function forge(entries: readonly Forgery[], end: ForgedEnd = {}): Buffer {
  let at = 0;
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  for (const entry of entries) {
    const gap = Buffer.from(entry.gap ?? '');
    const file = localFile(entry);
    directory.push(centralHeader(entry, at + gap.length));
    files.push(gap, file);
    at += gap.length + file.length;
  }
  const [before, gap] = [Buffer.from(end.beforeDirectory ?? ''), Buffer.from(end.gap ?? '')];
  const central = Buffer.concat(directory);
  const record = endRecord(entries.length, central.length, at + before.length, end);
  return Buffer.concat([...files, before, central, gap, record]);
}

function facts(entry: Forgery) {
  const bytes = Buffer.from(entry.content ?? '');
  return { method: entry.method ?? 8, crc: crc32(bytes), compressed: packedData(entry).length, size: bytes.length };
}

function packedData({ content = '', method = 8, data }: Forgery): Uint8Array {
  return data ?? (method === 8 ? deflateRawSync(content, { level: 6 }) : Buffer.from(content));
}

function localFile(entry: Forgery): Buffer {
  const known = facts(entry);
  const streamed = known.method === 8;
  const extra = entry.localExtra ?? Buffer.alloc(0);
  const values: Fields = {
    ...{ signature: 0x04034b50, version: 20, flags: streamed ? 8 : 0, time: 0, date: 0x21 },
    ...known,
    ...(streamed ? { crc: 0, compressed: 0, size: 0 } : {}),
    ...{ name: Buffer.byteLength(entry.name, 'latin1'), extra: extra.length },
    ...entry.both,
    ...entry.local,
  };
  const head = record(
    values,
    'signature:4 version:2 flags:2 method:2 time:2 date:2 crc:4 compressed:4 size:4 name:2 extra:2',
  );
  return Buffer.concat([head, Buffer.from(entry.name, 'latin1'), extra, packedData(entry), descriptor(entry, known)]);
}

function descriptor(entry: Forgery, known: ReturnType<typeof facts>): Buffer {
  if (entry.descriptor === 'none' || (known.method !== 8 && entry.descriptor === undefined)) return Buffer.alloc(0);
  const given = typeof entry.descriptor === 'object' ? entry.descriptor : {};
  const values: Fields = { signature: 0x08074b50, ...known, ...entry.both, ...given };
  const signature = entry.descriptor === 'without-signature' ? '' : 'signature:4 ';
  return record(values, `${signature}crc:4 compressed:4 size:4`);
}

function centralHeader(entry: Forgery, offset: number): Buffer {
  const known = facts(entry);
  const extra = entry.centralExtra ?? Buffer.alloc(0);
  const comment = Buffer.from(entry.comment ?? '');
  const values: Fields = {
    ...{
      signature: 0x02014b50,
      madeBy: 0x032d,
      version: 20,
      flags: known.method === 8 ? 8 : 0,
      time: 0,
      date: 0x21,
    },
    ...known,
    ...{ name: Buffer.byteLength(entry.name, 'latin1'), extra: extra.length, comment: comment.length },
    ...{ disk: 0, internal: 0, external: 0x81a40000, offset },
    ...entry.both,
    ...entry.central,
  };
  const head = record(
    values,
    'signature:4 madeBy:2 version:2 flags:2 method:2 time:2 date:2 crc:4 compressed:4 size:4 name:2 extra:2 comment:2 disk:2 internal:2 external:4 offset:4',
  );
  return Buffer.concat([head, Buffer.from(entry.name, 'latin1'), extra, comment]);
}

function endRecord(count: number, size: number, offset: number, end: ForgedEnd): Buffer {
  const comment = Buffer.from(end.comment ?? '');
  const values: Fields = {
    ...{ signature: 0x06054b50, disk: 0, directoryDisk: 0, here: count, total: count, size, offset },
    comment: comment.length,
    ...end.fields,
  };
  const head = record(values, 'signature:4 disk:2 directoryDisk:2 here:2 total:2 size:4 offset:4 comment:2');
  return Buffer.concat([head, comment, Buffer.from(end.behind ?? '')]);
}

function record(values: Fields, layout: string): Buffer {
  return Buffer.concat(
    layout.split(' ').map((field) => {
      const [name, bytes] = field.split(':');
      const encoded = Buffer.alloc(Number(bytes));
      encoded.writeUIntLE(values[name!]!, 0, Number(bytes));
      return encoded;
    }),
  );
}
