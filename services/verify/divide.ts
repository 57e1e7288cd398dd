// Divides a verification into tenants, and large tenants into pieces.
import { segmentsPrefix } from '../../names/archive.ts';
import type { PublishedSeal } from '../log/published.ts';
import { BuriedObject } from '../log/versions.ts';
import { inParallel } from '../object-lock/parallel.ts';
import { type KnownDigest, TenantDigests } from './digests.ts';
import type { PlannedTenant } from './documents.ts';
import { LogView } from './log.ts';
import { lastPassed } from './passed.ts';
import { type Divisible, piecesOf } from './pieces.ts';
import type { VerifyPorts } from './port.ts';
import type { VerifyMode } from './steps.ts';

/** What the newest digest says of a tenant. */
export interface SealedTenant {
  /** Of the digest. */
  readonly number: number;
  readonly sizes: ReadonlyMap<number, number>;
}

/** Some minutes of one function: what 25 µs of a core, and a thirtieth of a request's 30 ms for fifty entries, come to. */
const PIECE_ENTRIES = 5_000_000;

/** Beyond it pieces grow: a plan is read by every slice. */
const MAX_PIECES = 8_000;

/** Tenants that are looked at at the same time: their newest report, and a few digests. */
const TENANTS_AT_ONCE = 16;

/** Seals that an incremental verification goes back over: the newest, and those that could be younger than one is due. */
const SEALS_AGAIN = 3;

const CATEGORY_FOLDER = 'category=';

interface Verification {
  readonly mode: VerifyMode;
  readonly startedAt: string;
  readonly newest: PublishedSeal;
  readonly sealed: ReadonlyMap<string, SealedTenant>;
}

/** The tenants of a plan, the large ones in pieces. Without a seal there is nothing to divide. */
export async function divided(
  names: readonly string[],
  verification: Verification | undefined,
  ports: VerifyPorts,
): Promise<PlannedTenant[]> {
  const planned = names.map((tenant): PlannedTenant => ({ tenant, sealed: verification?.sealed.has(tenant) === true }));
  if (verification === undefined) return planned;
  const { mode, sealed } = verification;
  const likely = (name: string) => likelyEntries(sealed.get(name), mode);
  const all = names.reduce((sum, name) => sum + likely(name), 0);
  const pieceEntries = Math.max(ports.pieceEntries ?? PIECE_ENTRIES, all / MAX_PIECES);
  // Nobody reports what is found on the way: whoever checks it finds it again.
  const view = new LogView(ports.store, verification.newest, async () => undefined);
  const large = planned.flatMap(({ tenant }, i) => (likely(tenant) > pieceEntries ? [i] : []));
  await inParallel(large, TENANTS_AT_ONCE, async (i) => {
    planned[i] = await unlessBuried(planned[i]!, (one) =>
      dividedTenant(one, pieceEntries, { ...verification, view }, ports),
    );
  });
  return planned;
}

/** In full all of it; else what its seals bring on average, which is enough to tell who may be worth a closer look. */
function likelyEntries(tenant: SealedTenant | undefined, mode: VerifyMode): number {
  if (tenant === undefined) return 0;
  const entries = [...tenant.sizes.values()].reduce((sum, size) => sum + size, 0);
  return mode === 'full' ? entries : (entries * Math.min(SEALS_AGAIN, tenant.number + 1)) / (tenant.number + 1);
}

/** Whose digests are buried is checked as a whole: that is a finding, and no reason to check nobody. */
async function unlessBuried(
  planned: PlannedTenant,
  divide: (planned: PlannedTenant) => Promise<PlannedTenant>,
): Promise<PlannedTenant> {
  try {
    return await divide(planned);
  } catch (error) {
    if (error instanceof BuriedObject) return planned;
    throw error;
  }
}

async function dividedTenant(
  planned: PlannedTenant,
  pieceEntries: number,
  { mode, startedAt, newest, view }: Verification & { readonly view: LogView },
  ports: VerifyPorts,
): Promise<PlannedTenant> {
  const digests = new TenantDigests(planned.tenant, ports.store, view, async () => undefined);
  const last = await digests.at(newest.seal);
  if (last === undefined) return planned;
  const plan = { startedAt };
  const after = mode === 'full' ? undefined : await lastPassed({ ports, plan, view }, digests, last);
  const first = after === undefined ? 0 : after.number + 1;
  if (first > last.number) return planned;
  const anchor = after && (await digests.at(after.seal));
  const begin = await digests.at(last.seal - last.number + first);
  const divisible: Divisible = {
    ...{ tenant: planned.tenant, range: { first, last: last.number }, full: after === undefined },
    chains: last.chains.map(({ chain, size }) => ({ chain, size, added: Math.max(0, size - sizeIn(anchor, chain)) })),
    categories: await categoriesOf(planned.tenant, ports),
    days: [dayOf(begin ?? last), dayOf(last)],
  };
  return { ...planned, ...(after === undefined ? {} : { after }), pieces: piecesOf(divisible, pieceEntries) };
}

const dayOf = ({ sealedAt }: KnownDigest): string => sealedAt.slice(0, 10);

function sizeIn(digest: KnownDigest | undefined, chain: number): number {
  return digest?.chains.find((one) => one.chain === chain)?.size ?? 0;
}

async function categoriesOf(tenant: string, { store }: VerifyPorts): Promise<string[]> {
  const categories: string[] = [];
  for await (const folder of store.folders(segmentsPrefix(tenant))) {
    if (folder.startsWith(CATEGORY_FOLDER)) categories.push(folder.slice(CATEGORY_FOLDER.length));
  }
  return categories;
}
