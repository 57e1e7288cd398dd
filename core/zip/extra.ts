/** Extra fields of ZIP headers: those that a reader passes over, and the one that holds 64-bit values. */
import { ZipError } from './error.ts';
import { FieldReader } from './fields.ts';

/**
 * Times and owners, as file managers and `zip`, `ditto`, `7z` and `jar` write them (APPNOTE 4.5 and 4.6), and the most
 * bytes that each needs. Everything else may be another name, another content, or hidden: 0x7075 is a name, for example.
 */
const PASSED_OVER: ReadonlyMap<number, number> = new Map([
  // NTFS: three times.
  [0x000a, 32],
  // Extended timestamp: flags and up to three times.
  [0x5455, 13],
  // Info-ZIP Unix, old, second and third: times, and the owner's numbers.
  [0x5855, 12],
  [0x7855, 4],
  [0x7875, 19],
  // Java's mark of an archive that is a program's.
  [0xcafe, 0],
]);

export const ZIP64_FIELD = 0x0001;
/** Of a field, without its data. */
const HEAD_BYTES = 4;
/** Size, compressed size and offset. */
const ZIP64_BYTES = 24;

/** What all of them take together. */
export const MAX_EXTRA_BYTES = [...PASSED_OVER.values(), ZIP64_BYTES].reduce((sum, most) => sum + HEAD_BYTES + most, 0);

/** The data of the ZIP64 field, where there is one. Throws for a field that may not be there, and for one that is there twice. */
export function zip64Data(extra: Uint8Array): Uint8Array | undefined {
  const fields = new FieldReader(extra);
  const seen = new Map<number, Uint8Array>();
  for (let at = 0; at < extra.length; ) {
    if (at + HEAD_BYTES > extra.length) throw new ZipError('unsupported', 'its extra fields end inside of one');
    const [id, length] = [fields.uint16(at), fields.uint16(at + 2)];
    const data = extra.subarray(at + HEAD_BYTES, at + HEAD_BYTES + length);
    if (data.length < length) throw new ZipError('unsupported', 'its extra fields end inside of one');
    const most = id === ZIP64_FIELD ? ZIP64_BYTES : PASSED_OVER.get(id);
    if (most === undefined || length > most || seen.has(id)) {
      const name = `0x${id.toString(16).padStart(4, '0')}`;
      throw new ZipError(
        'unsupported',
        `got the extra field ${name} of ${length} bytes, want times and owners at most`,
      );
    }
    seen.set(id, data);
    at += HEAD_BYTES + length;
  }
  return seen.get(ZIP64_FIELD);
}
