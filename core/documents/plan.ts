// The plan of a seal.
import type { Static } from 'typebox';
import * as Type from 'typebox';
import { MAX_CHAINS } from '../chain.ts';
import { DOCUMENT_VERSION, documentCodec } from './codec.ts';
import { DocumentError } from './error.ts';
import { Chain, Count, Hash, Origin, strict, Tenant, Time } from './fields.ts';

const KIND = 'plan';
/** Some hundred thousand chains. */
const MAX_BYTES = 32 * 1024 * 1024;

const Schema = Type.Object(
  {
    v: Type.Literal(DOCUMENT_VERSION),
    kind: Type.Literal(KIND),
    log: Origin,
    seal: Count,
    sealedAt: Time,
    nextBy: Time,
    /** The digest log before this seal. */
    size: Count,
    root: Hash,
    /** By name. Tenant i's digest becomes leaf size + i. */
    tenants: Type.Array(
      Type.Object(
        {
          tenant: Tenant,
          /** Up to where each chain is sealed, if the ledger or the archive has it. */
          chains: Type.Array(Type.Object({ chain: Chain, size: Count }, strict), { minItems: 1, maxItems: MAX_CHAINS }),
        },
        strict,
      ),
      { minItems: 1 },
    ),
  },
  strict,
);
export type Plan = Static<typeof Schema>;

/** What a seal is going to do, fixed before it does any of it, so that however often it is begun it ends in the same bytes. */
export const PLAN = documentCodec(Schema, {
  kind: KIND,
  maxBytes: MAX_BYTES,
  check: ({ tenants, sealedAt, nextBy }) => {
    if (nextBy <= sealedAt) throw new DocumentError('shape', KIND, 'got a next seal that is due before this one');
    demandRising(tenants.map(({ tenant }) => tenant));
    for (const { chains } of tenants) demandRising(chains.map(({ chain }) => chain));
  },
});

function demandRising(keys: readonly (string | number)[]): void {
  for (let i = 1; i < keys.length; i++) {
    if (keys[i]! <= keys[i - 1]!) throw new DocumentError('order', KIND, 'got tenants or chains out of order');
  }
}
