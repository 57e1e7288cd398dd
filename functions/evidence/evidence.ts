import { PATHS, type Role } from '../../names/api.ts';
import { type KnownDigests, TenantDigests } from '../../services/prove/digests.ts';
import { type Caller, callerOf, ENTRY_READERS, requireRole } from '../shared/caller.ts';
import type { HttpEvent, HttpResponse } from '../shared/http.ts';
import { type Answers, byRoute } from '../shared/routes.ts';
import type { Asked, EvidencePorts } from './asked.ts';
import { bodies } from './bodies.ts';
import { digests } from './digests.ts';
import { document } from './document.ts';
import { proof } from './proof.ts';
import { chainTile } from './tile.ts';

/**
 * Whole chains, and documents that name who is under a legal hold, are for the role that may read everything: no filter
 * could be put over them. Others may ask for the proof of an entry, which holds nothing but hashes.
 */
const EXPORTERS: readonly Role[] = ['compliance'];

/** The tenant's own evidence: proofs, and everything that an export is made of. */
export function serveEvidence(ports: EvidencePorts): Answers {
  const known: KnownDigests = new Map();
  const route = (roles: readonly Role[], answer: (asked: Asked) => Promise<HttpResponse>): Answers => {
    return async (event) => {
      const caller = callerOf(event, ports.claims);
      requireRole(caller, roles);
      return answer(await asked(event, caller, ports, known));
    };
  };
  return byRoute({
    [`GET ${PATHS.proof}`]: route(ENTRY_READERS, proof),
    [`GET ${PATHS.digests}`]: route(EXPORTERS, digests),
    [`GET ${PATHS.document}`]: route(EXPORTERS, document),
    [`GET ${PATHS.chainTile}`]: route(EXPORTERS, chainTile),
    [`GET ${PATHS.bodies}`]: route(EXPORTERS, bodies),
  });
}

async function asked(event: HttpEvent, { tenant }: Caller, ports: EvidencePorts, known: KnownDigests): Promise<Asked> {
  const logPorts = await ports.log.ports();
  return {
    event,
    tenant,
    ports: { ...ports, ...logPorts },
    newest: await ports.log.current(),
    digestsOf: (published) => new TenantDigests(tenant, published, logPorts.store, known),
  };
}
