// The texts of the digest log: a signed checkpoint, and the keys that sign it. Parsed says nothing about who signed.

export interface CheckpointShown {
  readonly origin: string;
  /** Digests in the log. */
  readonly size: number;
  /** Base64. */
  readonly root: string;
  /** Key ids of the signatures, in hexadecimal, with the time that a signature says. */
  readonly signatures: readonly { readonly name: string; readonly keyId: string; readonly at: string | undefined }[];
}

/** Bytes of a signature line: the key's id, then a time in seconds where the signature is a cosignature. */
const ID_BYTES = 4;
const TIME_BYTES = 8;

/** Undefined for what is no checkpoint (C2SP tlog-checkpoint). `keys`: tell which signatures say a time. */
export function checkpointIn(text: string, keys: readonly LogKey[]): CheckpointShown | undefined {
  const [head = '', block = ''] = text.split('\n\n');
  const [origin, digits, root] = head.split('\n');
  const size = Number(digits);
  if (!origin || !root || !/^\d+$/.test(digits ?? '') || !Number.isSafeInteger(size)) return undefined;
  const signatures = block.split('\n').flatMap((line) => {
    const [, name, encoded] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    const bytes = bytesOf(encoded ?? '');
    if (name === undefined || bytes === undefined || bytes.length <= ID_BYTES) return [];
    const keyId = hexOf(bytes.subarray(0, ID_BYTES));
    const timed = keys.some((key) => key.id === keyId && key.type.endsWith('cosignature'));
    return [{ name, keyId, at: timed ? timeIn(bytes) : undefined }];
  });
  return { origin, size, root, signatures };
}

function timeIn(bytes: Uint8Array): string | undefined {
  if (bytes.length < ID_BYTES + TIME_BYTES) return undefined;
  const seconds = Number(new DataView(bytes.buffer, bytes.byteOffset + ID_BYTES).getBigUint64(0));
  const date = new Date(seconds * 1_000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

const TYPES = { 1: 'ed25519', 2: 'ecdsa', 4: 'ed25519-cosignature', 6: 'ml-dsa-44-cosignature' } as const;

export interface LogKey {
  /** The line as it is written down, the verifier key (C2SP signed-note). */
  readonly line: string;
  readonly name: string;
  /** Eight hexadecimal digits: they tell keys apart and identify none, since they can be found again by trying. */
  readonly id: string;
  readonly type: (typeof TYPES)[keyof typeof TYPES] | 'unknown';
}

/** One a line; what is none is left out. */
export function keysIn(text: string): LogKey[] {
  return text.split('\n').flatMap((line) => {
    const [, name, id, encoded] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(line) ?? [];
    if (name === undefined || id === undefined) return [];
    const [kind] = bytesOf(encoded ?? '') ?? [];
    return [{ line, name, id, type: TYPES[kind as keyof typeof TYPES] ?? 'unknown' }];
  });
}

/** SHA-256 of the line without its end, in groups of four digits to read out. */
export async function fingerprintOf({ line }: LogKey): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(line));
  return hexOf(new Uint8Array(digest)).replace(/.{4}(?=.)/g, '$& ');
}

function bytesOf(base64: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
  } catch {
    return undefined;
  }
}

const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
