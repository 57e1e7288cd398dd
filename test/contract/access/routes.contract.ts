// Every role on every route.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { OPERATIONS, type OperationName, POLICY, ROLE_ORDER, rolesOf } from '../../../core/access/policy.ts';
import type { AccessOptions } from '../../support/reading.ts';
import { type Asked, idOf, NAMES, Routes, sampleDeployment, type Who } from '../../support/routes.ts';
import type { Deployment } from '../../support/sealing.ts';

/**
 * Every role through every route: an operation without a row fails, and so does a route that no handler here serves.
 * Expectations are written out, and not made of the policy's filters.
 */
interface Row {
  /** What a caller who may gets, where nothing of the entries is in the answer. */
  readonly status?: number;
  readonly asked?: Asked;
  /** Names of the samples that the answers hold; asked with `status` of the last answer. */
  readonly reveals?: (routes: Routes, who: Who) => Promise<Revealed>;
  /** Of the samples, those that the answer could hold at all. */
  readonly among?: readonly string[];
  /** Is refused under a plan without downloads. */
  readonly download?: true;
  /** Hands out chains whole. */
  readonly whole?: true;
}

interface Revealed {
  readonly status: number;
  readonly ids: readonly string[];
}

const places = NAMES.map((_, position) => ({ chain: '0', position: String(position) }));

/** Asked position by position: 200 reveals the entry there. */
const byPosition = (operation: OperationName) => async (routes: Routes, who: Who) => {
  const ids: string[] = [];
  let status = 404;
  for (const [i, path] of places.entries()) {
    const answer = await routes.ask(operation, who, { path });
    status = answer.status;
    if (answer.status !== 200) continue;
    ids.push(idOf(who.tenant, NAMES[i]!));
    for (const id of idsIn(answer.text)) ids.push(id);
  }
  return { status, ids };
};

const idsIn = (text: string): string[] => [...text.matchAll(/"id":"((?:acme|globex)\.[a-z-]+)"/g)].map(([, id]) => id!);

const HOLD = { reason: 'Suit 17-204', scope: { subject: 'u-7' } };

const ROWS: Partial<Record<OperationName, Row>> = {
  recordEntries: { status: 201, asked: { body: { action: 'customer.viewed', actor: { type: 'user', id: 'u-1' } } } },
  readEntry: { reveals: byPosition('readEntry') },
  proveEntry: { reveals: byPosition('proveEntry') },
  searchEntries: {
    reveals: async (routes, who) => {
      const { status, text } = await routes.ask('searchEntries', who, { query: { from: '2000-01-01' } });
      return { status, ids: idsIn(text) };
    },
  },
  // What it counts: test/contract/api/histogram.contract.ts.
  countEntries: { status: 200, asked: { query: { by: 'outcome', interval: 'P1D', timeZone: 'Asia/Kolkata' } } },
  readHistory: {
    among: ['own-case', 'related-case', 'case-review', 'case-audit', 'own-sanction'],
    reveals: async (routes, who) => {
      const { status, text } = await routes.ask('readHistory', who, { path: { type: 'case', id: 'c-1' } });
      return { status, ids: idsIn(text) };
    },
  },
  readRelated: { reveals: byPosition('readRelated') },
  readChanges: { reveals: byPosition('readChanges') },
  saveSearch: { status: 201, asked: { body: { name: 'mine', parameters: { q: 'case' } } } },
  listSearches: { status: 200 },
  readSearch: { status: 404, asked: { path: { id: 'none' } } },
  replaceSearch: { status: 404, asked: { path: { id: 'none' }, body: { name: 'x', parameters: {}, version: 1 } } },
  deleteSearch: { status: 404, asked: { path: { id: 'none' } } },
  startQuery: { status: 202, asked: { body: { q: 'case' } } },
  listQueries: { status: 200 },
  readQuery: { status: 404, asked: { path: { id: 'none' } } },
  readQueryEntries: { status: 404, asked: { path: { id: 'none' } } },
  cancelQuery: { status: 404, asked: { path: { id: 'none' } } },
  startExport: {
    download: true,
    reveals: async (routes, who) => {
      const { status, json } = await routes.ask('startExport', who, { body: { format: 'ndjson' } });
      if (status !== 202) return { status, ids: [] };
      return { status, ids: idsIn(await routes.exported(who.tenant, (json as { id: string }).id)) };
    },
  },
  listExports: { status: 200 },
  readExport: { status: 404, asked: { path: { id: 'none' } } },
  cancelExport: { status: 404, asked: { path: { id: 'none' } } },
  grantExport: { status: 404, asked: { path: { id: 'none' }, body: { subject: 'a-1' } } },
  listDigests: { status: 200, whole: true },
  readDocument: { status: 404, asked: { path: { sha256: '00'.repeat(32) }, query: { key: 'x' } }, whole: true },
  readTile: { status: 200, asked: { path: { chain: '0', proxy: `0/000.p/${NAMES.length}` } }, whole: true },
  readTiles: { status: 200, asked: { path: { chain: '0', level: '0' } }, whole: true },
  readBodies: {
    whole: true,
    reveals: async (routes, who) => {
      const { status, text } = await routes.ask('readBodies', who, { path: { chain: '0' } });
      return { status, ids: idsIn(text) };
    },
  },
  startBundle: {
    whole: true,
    reveals: async (routes, who) => {
      const { status, json } = await routes.ask('startBundle', who, { body: {} });
      if (status !== 202) return { status, ids: [] };
      return { status, ids: idsIn(await routes.bundled(who.tenant, (json as { id: string }).id)) };
    },
  },
  listBundles: { status: 200, whole: true },
  readBundle: { status: 404, asked: { path: { id: 'none' } }, whole: true },
  cancelBundle: { status: 404, asked: { path: { id: 'none' } }, whole: true },
  applyHold: { status: 201, asked: { body: HOLD } },
  listHolds: { status: 200 },
  releaseHold: { status: 404, asked: { path: { id: 'none' }, body: { reason: 'over' } } },
  listVerifications: { status: 200 },
  readVerification: { status: 404, asked: { path: { id: 'none' } } },
  readCatalog: { status: 200 },
};

/** By role, of the entries in the window of the plan; `reviewed`: somebody else reviews the trail. */
const SEEN = {
  compliance: (reviewed: boolean) => NAMES.filter((name) => reviewed || !['own-admin', 'own-sanction'].includes(name)),
  admin: (reviewed: boolean) => ['user', ...(reviewed ? ['own-admin'] : [])],
  investigator: (reviewed: boolean) => ['own-case', 'related-case', ...(reviewed ? ['own-sanction'] : [])],
  writer: () => ['own-record'],
  auditor: () => [],
  operator: () => [],
} as const;

const FULL = { plan: 'full' };
const WORLDS: readonly [name: string, options: AccessOptions, reviewed: boolean, starter: boolean][] = [
  ['nobody else reviews', { tenants: { acme: { reviewers: ['me'] }, globex: FULL } }, false, false],
  ['somebody else reviews', { tenants: { acme: { reviewers: ['me', 'you'] }, globex: FULL } }, true, false],
  ['the starter plan', { tenants: { acme: { plan: 'starter' }, globex: FULL } }, false, true],
];

let deployment: Deployment;
beforeAll(async () => {
  deployment = await sampleDeployment();
});

test('every operation has a row and a handler', () => {
  const routes = new Routes(deployment);
  expect(OPERATIONS.filter((operation) => ROWS[operation] === undefined)).toEqual([]);
  expect(OPERATIONS.filter((operation) => !routes.serves(operation))).toEqual([]);
});

const known = OPERATIONS.filter((operation) => ROWS[operation] !== undefined);

describe.each(WORLDS)('where %s', (_, options, reviewed, starter) => {
  describe.each(ROLE_ORDER)('%s', (role) => {
    const who = (tenant: string): Who => ({ tenant, role, subject: 'me', cases: 'c-1' });
    const names = (): string[] => [...SEEN[role](reviewed)].filter((name) => !starter || name !== 'old');

    test.each(known)('%s', async (operation) => {
      const routes = new Routes(deployment, options);
      const { status: wanted, asked, reveals, whole, among = NAMES, download } = ROWS[operation]!;
      const { status, ids } =
        reveals === undefined
          ? { status: (await routes.ask(operation, who('acme'), asked)).status, ids: [] }
          : await reveals(routes, who('acme'));
      const allowed = rolesOf(operation).includes(role);
      if (!allowed || ((whole === true || download === true) && starter)) {
        expect([status, ids]).toEqual([403, []]);
        expect(routes.trail.entries().map(({ action }) => action)).toEqual(
          // Recording entries and asking for verifications are no reads.
          ['recordEntries', 'applyHold', 'releaseHold', 'listVerifications', 'readVerification'].includes(operation)
            ? []
            : ['audit.access.denied'],
        );
        return;
      }
      if (wanted !== undefined) expect(status).toBe(wanted);
      if (reveals === undefined) return;
      // Proofs are hashes, which whoever may read whole chains has anyway.
      const all = whole === true || (operation === 'proveEntry' && role === 'compliance' && !starter);
      const seen = (all ? NAMES : names()).filter((name) => among.includes(name));
      expect(new Set(ids)).toEqual(new Set(seen.map((name) => idOf('acme', name))));
    });

    test.each(known)('%s gives nothing of another tenant', async (operation) => {
      const routes = new Routes(deployment, options);
      const { asked, reveals } = ROWS[operation]!;
      if (reveals === undefined) {
        expect(idsIn((await routes.ask(operation, who('globex'), asked)).text)).toEqual([]);
        return;
      }
      const { ids } = await reveals(routes, who('globex'));
      expect(ids.filter((id) => !id.startsWith('globex.'))).toEqual([]);
      expect(routes.trail.entries('acme')).toEqual([]);
    });
  });
});

test.each(['', 'c-3', 'c-11', 'C-1'])('an investigator of the cases %j sees none of c-1', async (cases) => {
  const routes = new Routes(deployment);
  for (const operation of known.filter((one) => POLICY.investigator.operations.includes(one))) {
    const who = { tenant: 'acme', role: 'investigator', subject: 'me', cases };
    const { reveals } = ROWS[operation]!;
    if (reveals !== undefined) expect((await reveals(routes, who)).ids).toEqual([]);
  }
});
