// When an entry says that it was recorded, found in its bytes.

const MEMBER = '"recordedAt":"';
const RECORDED_AT = /"recordedAt":"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)"/g;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z"$/;
const TIME_BYTES = '2026-03-01T00:00:00.000Z"'.length;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const DECODER = new TextDecoder();

/**
 * Epoch milliseconds, without parsing what may never be asked for. In canonical JSON the member stands behind `outcome` and before
 * `recorder`; an object before it may have a member of the same name, but none of those behind it has (docs/format.md, "Entry").
 */
export function recordedAtOf(bytes: Uint8Array): number | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = buffer.lastIndexOf(MEMBER);
  if (at < 0) return undefined;
  // Where no member begins, its quotation mark may end another text.
  if (bytes[at - 1] !== COMMA && bytes[at - 1] !== OPEN_OBJECT) return recordedAtSlowly(bytes);
  const begin = at + MEMBER.length;
  const time = buffer.toString('latin1', begin, Math.min(begin + TIME_BYTES, bytes.length));
  return TIME.test(time) ? valid(time.slice(0, -1)) : recordedAtSlowly(bytes);
}

/** Of any bytes: the last member of the name that holds a time. */
export function recordedAtSlowly(bytes: Uint8Array): number | undefined {
  return valid([...DECODER.decode(bytes).matchAll(RECORDED_AT)].at(-1)?.[1] ?? '');
}

function valid(text: string): number | undefined {
  const time = Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
}
