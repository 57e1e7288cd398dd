import { chainName, MAX_CHAINS } from '../../core/chain.ts';
import { ENTRY_PROOF } from '../../core/proof/document.ts';
import { proveEntry, type Unsealed } from '../../services/prove/entry.ts';
import { type HttpResponse, json } from '../shared/http.ts';
import { pathNumber } from '../shared/numbers.ts';
import { Problem } from '../shared/problem.ts';
import type { Asked } from './asked.ts';

/** GET /v1/chains/{chain}/entries/{position}/proof */
export async function proof({ event, tenant, ports, newest, digestsOf }: Asked): Promise<HttpResponse> {
  const chain = pathNumber(event, 'chain', MAX_CHAINS - 1);
  const position = pathNumber(event, 'position', Number.MAX_SAFE_INTEGER);
  const nothing: Unsealed = { size: 0, nextBy: undefined };
  const found = newest === undefined ? nothing : await proveEntry(ports, digestsOf(newest), chain, position);
  if ('kind' in found) return json(200, Buffer.from(ENTRY_PROOF.format(found)).toString('utf8'));
  const block = await ports.blocks.blockBefore(chainName(tenant, chain), position);
  if (block === undefined || position >= block.position + block.count) {
    throw new Problem('not-found', `Chain ${chain} has no entry at ${position}.`);
  }
  throw unsealed(chain, position, found, ports.now());
}

function unsealed(chain: number, position: number, { size, nextBy }: Unsealed, now: Date): Problem {
  const seconds = nextBy === undefined ? undefined : Math.ceil((Date.parse(nextBy) - now.getTime()) / 1_000);
  return new Problem(
    'not-sealed',
    `Chain ${chain} is sealed up to ${size}, and ${position} will be with the next seal.`,
    {
      members: { sealed: size, nextBy: nextBy ?? null },
      ...(seconds === undefined ? {} : { retryAfterSeconds: Math.max(1, seconds) }),
    },
  );
}
