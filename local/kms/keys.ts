/**
 * Keys on disk, one file each, readable by the owner only. A key is written whole (temporary file, fsync, rename) before
 * anyone hears of it, since what it seals or signs could not be opened or checked without it.
 */
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Refusal } from '../aws/refusal.ts';
import { parsedFile, readText, unreadable } from '../files.ts';

/** Specs that node:crypto does as KMS does; others are refused when the template asks for them. */
export const KEY_SPECS = {
  SYMMETRIC_DEFAULT: { usage: 'ENCRYPT_DECRYPT', algorithms: ['SYMMETRIC_DEFAULT'] },
  ECC_NIST_EDWARDS25519: { usage: 'SIGN_VERIFY', algorithms: ['ED25519_SHA_512'], type: 'ed25519' },
  ML_DSA_44: { usage: 'SIGN_VERIFY', algorithms: ['ML_DSA_SHAKE_256'], type: 'ml-dsa-44' },
  ML_DSA_65: { usage: 'SIGN_VERIFY', algorithms: ['ML_DSA_SHAKE_256'], type: 'ml-dsa-65' },
  ML_DSA_87: { usage: 'SIGN_VERIFY', algorithms: ['ML_DSA_SHAKE_256'], type: 'ml-dsa-87' },
} as const;
export type KeySpec = keyof typeof KEY_SPECS;

type KeyState = 'Enabled' | 'Disabled' | 'PendingDeletion';

export interface StoredKey {
  readonly id: string;
  readonly spec: KeySpec;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** Base64 of 32 bytes, or of a PKCS #8 document. */
  readonly material: string;
  readonly description: string;
  readonly rotation: boolean;
  readonly state: KeyState;
  /** Epoch milliseconds, when the state is PendingDeletion. */
  readonly deletionDate?: number;
  readonly policy: unknown;
}

const SYMMETRIC_BYTES = 32;

export class Keys {
  readonly #dir: string;
  readonly #arnPrefix: string;
  readonly #keys = new Map<string, StoredKey>();
  readonly #aliases = new Map<string, string>();
  readonly #private = new Map<string, KeyObject>();

  /** `arnPrefix` is `arn:aws:kms:REGION:ACCOUNT:`. */
  constructor(dir: string, arnPrefix: string) {
    this.#dir = dir;
    this.#arnPrefix = arnPrefix;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const file of readdirSync(dir)) {
      if (file.endsWith('.tmp')) rmSync(join(dir, file));
      else if (file.endsWith('.json')) this.#remember(readKey(join(dir, file)));
    }
  }

  /** The same name gives the same key at every start; only what may change of a key is taken from `wanted`. */
  ensure(
    name: string,
    spec: KeySpec,
    wanted: Pick<StoredKey, 'description' | 'rotation' | 'policy'>,
    now: number,
  ): StoredKey {
    const id = uuidOf(name);
    const known = this.#keys.get(id);
    if (known !== undefined && known.spec !== spec) {
      throw new Error(`KeySpec can't change from ${known.spec} to ${spec}: what the key sealed would be lost`);
    }
    const base = known ?? { id, spec, createdAt: now, material: newMaterial(spec), state: 'Enabled' as const };
    return this.save({ ...base, ...wanted });
  }

  save(key: StoredKey): StoredKey {
    const path = join(this.#dir, `${key.id}.json`);
    const file = openSync(`${path}.tmp`, 'w', 0o600);
    try {
      writeFileSync(file, JSON.stringify(key));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${path}.tmp`, path);
    const dir = openSync(this.#dir, 'r');
    try {
      fsyncSync(dir);
    } finally {
      closeSync(dir);
    }
    this.#remember(key);
    return key;
  }

  alias(name: string, keyId: string): void {
    this.#aliases.set(name, this.find(keyId).id);
  }

  get all(): readonly StoredKey[] {
    return [...this.#keys.values()];
  }

  get aliases(): ReadonlyMap<string, string> {
    return this.#aliases;
  }

  arnOf(key: StoredKey): string {
    return `${this.#arnPrefix}key/${key.id}`;
  }

  aliasArn(name: string): string {
    return `${this.#arnPrefix}${name}`;
  }

  /** By id, ARN, alias or alias ARN; throws NotFoundException as KMS words it. */
  find(reference: string): StoredKey {
    const local = reference.startsWith(this.#arnPrefix) ? reference.slice(this.#arnPrefix.length) : reference;
    const id = local.startsWith('alias/') ? this.#aliases.get(local) : local.replace(/^key\//, '');
    const key = id === undefined ? undefined : this.#keys.get(id);
    if (key === undefined) {
      const shown = local.startsWith('alias/') ? `Alias ${this.aliasArn(local)}` : `Key '${this.#arnPrefix}key/${id}'`;
      throw new Refusal(400, 'NotFoundException', `${shown} does not exist`);
    }
    return key;
  }

  privateKeyOf(key: StoredKey): KeyObject {
    const known = this.#private.get(key.id);
    if (known !== undefined) return known;
    const made = createPrivateKey({ key: Buffer.from(key.material, 'base64'), format: 'der', type: 'pkcs8' });
    this.#private.set(key.id, made);
    return made;
  }

  #remember(key: StoredKey): void {
    this.#keys.set(key.id, key);
  }
}

function readKey(path: string): StoredKey {
  const advice = 'restore it from a copy: what the key has encrypted or signed is lost without it';
  const key = parsedFile<Partial<StoredKey>>(path, readText(path), advice);
  const complete = typeof key.material === 'string' && key.spec !== undefined && Object.hasOwn(KEY_SPECS, key.spec);
  if (!complete || `${key.id}.json` !== basename(path)) throw unreadable(path, 'it holds no key of this name', advice);
  return key as StoredKey;
}

/** Throws unless the key can be used for cryptography now. */
export function usable(key: StoredKey, arn: string, usage: 'ENCRYPT_DECRYPT' | 'SIGN_VERIFY'): StoredKey {
  if (key.state === 'PendingDeletion')
    throw new Refusal(400, 'KMSInvalidStateException', `${arn} is pending deletion.`);
  if (key.state === 'Disabled') throw new Refusal(400, 'DisabledException', `${arn} is disabled.`);
  if (KEY_SPECS[key.spec].usage !== usage) {
    throw new Refusal(
      400,
      'InvalidKeyUsageException',
      `${arn} key usage is ${KEY_SPECS[key.spec].usage} which is not valid for this operation.`,
    );
  }
  return key;
}

function newMaterial(spec: KeySpec): string {
  if (spec === 'SYMMETRIC_DEFAULT') return randomBytes(SYMMETRIC_BYTES).toString('base64');
  const { privateKey } = generateKeyPairSync(KEY_SPECS[spec].type as 'ed25519');
  return privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
}

function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
