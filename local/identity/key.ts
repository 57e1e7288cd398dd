/** The issuer's signing key: made once, kept in the data directory, readable by its owner only. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import { writeDurably } from '../aws/durable.ts';
import { messageOf } from '../failure.ts';
import { parsedFile, readIfThere, unreadable } from '../files.ts';

export const ALGORITHM = 'RS256';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function signingKey(dataDir: string): Promise<SigningKey> {
  const path = join(dataDir, 'identity', 'key.json');
  const text = await readIfThere(path);
  const jwk = text === undefined ? await createKey(path) : parsedFile<JWK>(path, text, ADVICE);
  try {
    return await keyOf(jwk);
  } catch (error) {
    throw unreadable(path, messageOf(error), ADVICE);
  }
}

const ADVICE = 'delete it, and the next start makes a new one (tokens made until now are then refused)';

async function keyOf(jwk: JWK): Promise<SigningKey> {
  const { kty, n, e } = jwk;
  const publicJwk: JWK = { kty: kty as string, n: n as string, e: e as string };
  const kid = await calculateJwkThumbprint(publicJwk);
  const privateKey = (await importJWK(jwk, ALGORITHM)) as CryptoKey;
  return { kid, privateKey, publicJwk: { ...publicJwk, kid, alg: ALGORITHM, use: 'sig' } };
}

async function createKey(path: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeDurably(path, JSON.stringify(jwk));
  return jwk;
}
