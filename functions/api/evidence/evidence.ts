// The routes of evidence: who asks is settled once for all of them.
import type { OperationName } from '../../../core/access/policy.ts';
import type { Reader } from '../../../core/access/reader.ts';
import { PATHS } from '../../../names/api.ts';
import { type KnownDigests, TenantDigests } from '../../../services/prove/digests.ts';
import { KnownLists } from '../../../services/prove/lists.ts';
import { EVIDENCE_OPERATIONS } from '../operations/evidence.ts';
import { requireWholeDownloads } from '../shared/access.ts';
import type { HttpEvent, HttpResponse } from '../shared/http.ts';
import { reading } from '../shared/reading.ts';
import { type Answers, byRoute } from '../shared/routes.ts';
import type { Asked, EvidencePorts } from './asked.ts';
import { bodies } from './bodies.ts';
import { digests } from './digests.ts';
import { document } from './document.ts';
import { proof } from './proof.ts';
import { chainTile } from './tile.ts';
import { chainTiles } from './tiles.ts';

/** The tenant's own evidence: proofs, and everything that an export is made of. */
export function serveEvidence(ports: EvidencePorts): Answers {
  const known: Known = { digests: new Map(), lists: new KnownLists() };
  const route = (operation: OperationName, answer: (asked: Asked) => Promise<HttpResponse>): Answers =>
    reading(ports, operation, async (event, reader) => answer(await asked(event, reader, ports, known)));
  // No filter could be put over whole chains: the policy gives them to the role that may read everything.
  const whole = (operation: OperationName, answer: (asked: Asked) => Promise<HttpResponse>): Answers =>
    reading(ports, operation, async (event, reader) => {
      requireWholeDownloads(reader);
      return answer(await asked(event, reader, ports, known));
    });
  return byRoute(EVIDENCE_OPERATIONS, {
    [`GET ${PATHS.proof}`]: route('proveEntry', proof),
    [`GET ${PATHS.digests}`]: whole('listDigests', digests),
    [`GET ${PATHS.document}`]: whole('readDocument', document),
    [`GET ${PATHS.chainTile}`]: whole('readTile', chainTile),
    [`GET ${PATHS.chainTiles}`]: whole('readTiles', chainTiles),
    [`GET ${PATHS.bodies}`]: whole('readBodies', bodies),
  });
}

/** What earlier requests of this process read. */
interface Known {
  readonly digests: KnownDigests;
  readonly lists: KnownLists;
}

async function asked(event: HttpEvent, reader: Reader, ports: EvidencePorts, known: Known): Promise<Asked> {
  const { tenant } = reader;
  const logPorts = await ports.log.ports();
  return {
    ...{ event, tenant, reader },
    ports: { ...ports, ...logPorts },
    newest: await ports.log.current(),
    digestsOf: (published) => new TenantDigests(tenant, published, logPorts.store, known.digests),
    lists: known.lists,
  };
}
