// Records in a tenant's trail what the archive found of tampering.
import { parseChainName } from '../../core/chain.ts';
import type { JsonObject } from '../../core/json/value.ts';
import type { EvidenceFinding } from '../object-lock/evidence-recorder.ts';
import { inParallel } from '../object-lock/parallel.ts';
import { type Recording, recordSystemEntry } from '../record/record.ts';

/** Entries that are recorded at the same time. */
const ENTRIES_AT_ONCE = 8;

const RECORDER = { type: 'system', id: 'indelible/archive' } as const;

const EXPECTED = {
  insert: 'a block that verifies and continues its chain',
  modify: 'a block that stays as it was written',
  remove: 'a block that only its expiry removes',
  segment: 'the segment of these positions',
  object: 'the object that belongs under the key',
  row: 'a row that says what the archive confirms',
} as const satisfies Record<EvidenceFinding['kind'], string>;

/**
 * Records in the trail of the tenant concerned what the archive found. The evidence is kept before, and names the
 * change; it names the entry too, so that a delivery that is repeated records nothing again. Throws when the ledger can't
 * be written: then the delivery has to be repeated. A gap is a loss until it is known to be more, and is not recorded here.
 */
export async function recordTampering(findings: readonly EvidenceFinding[], recording: Recording): Promise<void> {
  const known = new Map(findings.map((found) => [found.evidence, found]));
  await inParallel([...known.values()], ENTRIES_AT_ONCE, async (found) => {
    const tenant = tenantOf(found);
    if (tenant === undefined || found.reason === 'gap') return;
    await recordSystemEntry(recording, {
      ...{ tenant, recorder: RECORDER, occurrence: `archive/${found.evidence}`, occurredAt: found.at },
      input: {
        action: 'audit.tampering_detected',
        actor: { type: 'system', id: RECORDER.id },
        target: { type: 'audit-trail', id: found.chain! },
        metadata: details(found, tenant),
      },
    });
  });
}

function details({ kind, reason, chain, first, last, object, evidence }: EvidenceFinding, tenant: string): JsonObject {
  const positions = first === undefined || last === undefined ? {} : { first, last };
  return {
    ...{ source: 'archive', code: reason, tenant, chain: parseChainName(chain!).chain, ...positions },
    ...(object === undefined ? {} : { object }),
    ...{ expected: EXPECTED[kind], found: `${kind} (${reason})`, evidence },
  };
}

/** A chain whose name is none belongs to nobody whose trail could say it: the evidence and the alarm do. */
function tenantOf({ chain }: EvidenceFinding): string | undefined {
  if (chain === undefined) return undefined;
  try {
    return parseChainName(chain).tenant;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
