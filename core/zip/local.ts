/** What stands around an entry's data: its local header and its data descriptor, held against the directory. */
import type { CentralEntry } from './central.ts';
import { ZipError } from './error.ts';
import { zip64Data } from './extra.ts';
import { FieldReader } from './fields.ts';
import { FLAG_DESCRIPTOR, IN_ZIP64_32, LOCAL_BYTES, METHOD, SIGNATURE } from './layout.ts';
import type { Region } from './source.ts';

/** With the sizes in ZIP64's width, which a local header has both of or neither. */
const LOCAL_ZIP64_BYTES = 16;

/** Reads the header, up to where the data begins. Throws unless it says what the directory does. */
export async function checkLocal(region: Region, entry: CentralEntry): Promise<void> {
  const head = await region.take(LOCAL_BYTES);
  const fields = new FieldReader(head);
  if (fields.uint32(0) !== SIGNATURE.local) throw mismatch('there is no local header where its own begins');
  const name = entry.folder ? `${entry.path}/` : entry.path;
  const [nameLength, extraLength] = [fields.uint16(26), fields.uint16(28)];
  if (fields.uint16(6) !== entry.flags) throw mismatch('its local header has other flags');
  if (fields.uint16(8) !== METHOD[entry.method]) throw mismatch('its local header has another method');
  if (fields.uint32(10) !== entry.modified) throw mismatch('its local header has another time');
  if (nameLength !== name.length || !isAscii(await region.take(nameLength), name)) {
    throw mismatch('its local header has another name');
  }
  checkSums(fields, zip64Data(await region.take(extraLength)), entry);
}

/**
 * Sums and sizes are what the directory says. A header that was written before the data may say 0; not of stored data,
 * whose end only the size tells.
 */
function checkSums(fields: FieldReader, wide: Uint8Array | undefined, entry: CentralEntry): void {
  if (wide !== undefined && wide.length !== LOCAL_ZIP64_BYTES) throw mismatch('its local header has one 64-bit size');
  const values = new FieldReader(wide ?? new Uint8Array());
  const mayWait = isStreamed(entry) && entry.method === 'deflated';
  const said: [what: string, narrow: number, wideAt: number | undefined, want: number][] = [
    ['CRC-32', fields.uint32(14), undefined, entry.crc32],
    ['compressed size', fields.uint32(18), 8, entry.compressedSize],
    ['size', fields.uint32(22), 0, entry.size],
  ];
  for (const [what, narrow, wideAt, want] of said) {
    const all = wide === undefined || wideAt === undefined ? [narrow] : [narrow, values.uint64(wideAt)];
    const meant = all.length > 1 && narrow === IN_ZIP64_32 ? all.slice(1) : all;
    if (meant.some((value) => value !== want && !(mayWait && value === 0))) {
      throw mismatch(`its local header has another ${what}`);
    }
  }
}

/** Reads what is left of the entry behind its data: the descriptor, where there is one, and nothing else. */
export async function checkDescriptor(region: Region, entry: CentralEntry): Promise<void> {
  const left = region.left;
  if (!isStreamed(entry)) {
    if (left > 0) throw new ZipError('trailing-data', `got ${left} bytes behind its data`);
    return;
  }
  const shape = DESCRIPTORS.get(left);
  if (shape === undefined) {
    if (left < LEAST_DESCRIPTOR_BYTES) throw mismatch('it has no data descriptor');
    throw new ZipError('trailing-data', `got ${left} bytes behind its data, more than a data descriptor`);
  }
  const fields = new FieldReader(await region.take(left));
  const first = fields.uint32(0);
  // Without a signature a sum that looks like one would be read in two ways.
  if ((first === SIGNATURE.descriptor) !== shape.signed) throw mismatch('its data descriptor can be read in two ways');
  const at = shape.signed ? 4 : 0;
  const size = (from: number) => (shape.wide ? fields.uint64(from) : fields.uint32(from));
  const said = [fields.uint32(at), size(at + 4), size(at + 4 + (shape.wide ? 8 : 4))];
  const want = [entry.crc32, entry.compressedSize, entry.size];
  if (said.some((value, i) => value !== want[i])) throw mismatch('its data descriptor is not what the directory says');
}

/** APPNOTE 4.3.9, by length: with a signature or without, with 32-bit sizes or 64-bit ones. */
const DESCRIPTORS: ReadonlyMap<number, { readonly signed: boolean; readonly wide: boolean }> = new Map([
  [12, { signed: false, wide: false }],
  [16, { signed: true, wide: false }],
  [20, { signed: false, wide: true }],
  [24, { signed: true, wide: true }],
]);
const LEAST_DESCRIPTOR_BYTES = 12;

const isStreamed = ({ flags }: CentralEntry): boolean => (flags & FLAG_DESCRIPTOR) !== 0;

function isAscii(bytes: Uint8Array, text: string): boolean {
  return bytes.every((byte, i) => byte === text.charCodeAt(i));
}

function mismatch(message: string): ZipError {
  return new ZipError('mismatch', message);
}
