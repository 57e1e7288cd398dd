// The signature vectors of Wycheproof.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex, SignatureError, verifyEd25519, verifyMlDsa44 } from '../../core/crypto.ts';
import { type Case, demandRefusal, type Suite } from './suite.ts';

interface Group {
  readonly publicKey: string | { readonly pk: string };
  readonly tests: readonly {
    readonly tcId: number;
    readonly comment: string;
    readonly msg: string;
    readonly sig: string;
    readonly ctx?: string;
    readonly result: 'valid' | 'invalid';
  }[];
}

type Verify = typeof verifyMlDsa44;

/** Edge cases that signature libraries have got wrong: malleable and malformed signatures and keys, bounds, hints. */
export const wycheproof: Suite = {
  folder: 'C2SP-wycheproof',
  *cases(directory): Generator<Case> {
    const vectors = join(directory, 'testvectors_v1');
    yield* cases(join(vectors, 'ed25519_test.json'), 'Ed25519', verifyEd25519);
    yield* cases(join(vectors, 'mldsa_44_verify_test.json'), 'ML-DSA-44', verifyMlDsa44);
  },
};

function* cases(file: string, algorithm: string, verify: Verify): Generator<Case> {
  const { testGroups } = JSON.parse(readFileSync(file, 'utf8')) as { readonly testGroups: readonly Group[] };
  for (const { publicKey, tests } of testGroups) {
    const key = fromHex(typeof publicKey === 'string' ? publicKey : publicKey.pk);
    for (const { tcId, comment, msg, sig, ctx, result } of tests) {
      const context = ctx === undefined ? undefined : fromHex(ctx);
      const act = () => verify(key, fromHex(msg), fromHex(sig), context);
      const check = result === 'valid' ? act : () => demandRefusal(SignatureError, undefined, act);
      yield { name: `${algorithm} ${tcId} ${comment}`, check };
    }
  }
}
