/** The issuer's signing key: made once, kept in the data directory, readable by its owner only. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

export const ALGORITHM = 'RS256';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

export async function signingKey(dataDir: string): Promise<SigningKey> {
  const path = join(dataDir, 'identity', 'key.json');
  const jwk = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as JWK) : await createKey(path);
  const { kty, n, e } = jwk;
  const publicJwk: JWK = { kty: kty as string, n: n as string, e: e as string };
  const kid = await calculateJwkThumbprint(publicJwk);
  const privateKey = (await importJWK(jwk, ALGORITHM)) as CryptoKey;
  return { kid, privateKey, publicJwk: { ...publicJwk, kid, alg: ALGORITHM, use: 'sig' } };
}

async function createKey(path: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { extractable: true });
  const jwk = await exportJWK(privateKey);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Written beside and renamed, so that a start that is killed here leaves no half of a key.
  const temporary = `${path}.new`;
  writeFileSync(temporary, JSON.stringify(jwk), { mode: 0o600 });
  chmodSync(temporary, 0o600);
  renameSync(temporary, path);
  return jwk;
}
