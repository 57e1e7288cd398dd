// Access and the trail of reads for tests of functions that read.
import { zstd } from '../../adapters/zstd.ts';
import { decodeBlock } from '../../core/block/codec.ts';
import { parseJson } from '../../core/json/parse.ts';
import { NO_EXTRA_REDACTION } from '../../core/redact/policy.ts';
import { type Access, accessOf } from '../../functions/api/shared/access.ts';
import type { ReadingPorts } from '../../functions/api/shared/reading.ts';
import { newId } from '../../functions/shared/id.ts';
import { ACCESS } from '../../names/access.ts';
import { API } from '../../names/api.ts';
import { Ledger } from '../../services/append/ledger.ts';
import { MemoryBlockStore } from '../fakes/memory-block-store.ts';
import { CLAIMS } from '../unit/functions/requests.ts';
import { FakeClock } from './clock.ts';

export const PLANS = {
  full: { window: 'unlimited', downloads: true },
  starter: { window: 'P30D', downloads: false },
};

export interface AccessOptions {
  readonly plans?: unknown;
  readonly tenants?: Readonly<Record<string, { plan?: string; reviewers?: readonly string[] }>>;
}

/** Access as a deployment configures it, over the claims of the tests' requests. */
export function access(now: () => Date, { plans = PLANS, tenants = {} }: AccessOptions = {}): Access {
  const environment = {
    [API.tenantClaimEnv]: CLAIMS.tenant,
    [API.roleClaimEnv]: CLAIMS.role,
    [ACCESS.casesClaimEnv]: CLAIMS.cases,
    [ACCESS.plansEnv]: JSON.stringify(plans),
    [ACCESS.tenantsEnv]: JSON.stringify(tenants),
  };
  return accessOf(environment, now);
}

/** Where reads are recorded, in memory. Throws while it is told to be out of order. */
export class ReadTrail {
  outOfOrder = false;
  readonly store: MemoryBlockStore;
  readonly #ledger: Ledger;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    this.store = new MemoryBlockStore({ now });
    this.#ledger = new Ledger({ store: this.store, compression: zstd, clock: Object.assign(new FakeClock(), { now }) });
  }

  ports(options: AccessOptions = {}): ReadingPorts {
    const now = () => new Date(this.#now());
    return {
      access: access(now, options),
      recording: {
        ...{ redaction: NO_EXTRA_REDACTION, now, newId },
        ledger: {
          prepare: (tenant) => this.#ledger.prepare(tenant),
          append: async (request) => {
            if (this.outOfOrder) throw new Error('nothing can be written');
            return this.#ledger.append(request);
          },
        },
      },
    };
  }

  // biome-ignore lint/suspicious/noExplicitAny: entries as they are stored; the tests look at them
  entries(tenant = 'acme'): any[] {
    const blocks = this.store.blocks(`${tenant}#0`);
    return blocks.flatMap((block) => decodeBlock(block, zstd).entries).map((bytes) => parseJson(bytes));
  }
}
