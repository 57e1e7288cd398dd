/** Hashes and signatures by node:crypto of any Node from 20 on, with what older ones lack done otherwise: for the command as one file. */
import * as crypto from 'node:crypto';
import { joined } from '../bytes.ts';
import { mlDsa44Accepts as mlDsa44InJavaScript } from './noble.ts';
import * as node from './node.ts';
import type { Primitives } from './port.ts';

export { base64Of, createSha256, ecdsaAccepts, ecdsaKeyFault, ed25519Accepts, hexOf, unbase64, unhex } from './node.ts';

/** Node has `hash` since 20.12. */
export const sha256Into: Primitives['sha256Into'] =
  (crypto.hash as unknown) === undefined
    ? (input, out, at) => out.set(crypto.createHash('sha256').update(input).digest(), at)
    : node.sha256Into;

/** Node has ML-DSA since 24.6, where its OpenSSL has it. */
export function hasMlDsa44(): boolean {
  try {
    crypto.createPublicKey({
      key: Buffer.from(joined([node.ML_DSA_44_SPKI, new Uint8Array(1312)])),
      format: 'der',
      type: 'spki',
    });
    return true;
  } catch {
    return false;
  }
}

export const mlDsa44Accepts: Primitives['mlDsa44Accepts'] = hasMlDsa44() ? node.mlDsa44Accepts : mlDsa44InJavaScript;

/** The module as the port has it, which the compiler holds it to. */
export const PLAIN_NODE: Primitives = { ...node.NODE, sha256Into, mlDsa44Accepts };
