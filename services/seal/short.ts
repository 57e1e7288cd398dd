// Tells of a chain that could not be sealed as far as it goes: alarm, evidence under lock, an entry that is kept for good.
import { parseChainName } from '../../core/chain.ts';
import { sha256, toHex } from '../../core/crypto.ts';
import type { JsonObject } from '../../core/json/value.ts';
import { evidenceKey } from '../../names/archive.ts';
import { recordSystemEntry } from '../record/record.ts';
import { CONTENT, GAP, type Sealing, type ShortChain } from './context.ts';

const VERSION = 1;

const RECORDER = { type: 'system', id: 'indelible/seal' } as const;

/** Rows of the archive that an entry and an evidence document spell out. */
const SPELLED = 5;

/** Which seal it is. */
export interface SealPlace {
  readonly seal: number;
  readonly sealedAt: string;
}

/**
 * Once for each seal and chain however often the seal is begun: the document has the same key and the entry the same
 * request. What nobody has at all is only counted; everything else speaks against somebody.
 */
export async function tellShort(sealing: Sealing, place: SealPlace, short: ShortChain): Promise<void> {
  sealing.summary.short.push(short);
  if (short.reason === GAP) return;
  const evidence = await keepEvidence(sealing, place, short);
  await record(sealing, place, short, evidence);
}

/** As tellShort, of a tenant that has no trail of its own which an entry could go to. */
export async function tellUnknown(sealing: Sealing, place: SealPlace, short: ShortChain): Promise<void> {
  sealing.summary.short.push(short);
  await keepEvidence(sealing, place, short);
}

async function keepEvidence(sealing: Sealing, { seal, sealedAt }: SealPlace, short: ShortChain): Promise<string> {
  const name = toHex(sha256(new TextEncoder().encode(`seal ${seal}\n${short.chain}`)));
  const key = evidenceKey(sealedAt.slice(0, 10), name);
  const document = { v: VERSION, kind: 'short', seal, ...detailsOf(short), chain: short.chain };
  const bytes = new TextEncoder().encode(`${JSON.stringify(document)}\n`);
  await sealing.put(key, bytes, CONTENT.document, sealedAt);
  return key;
}

/**
 * One tenant's trail that can't be written must not keep the seal from the others. The next seal tells of it again, and so
 * does everything else that is told here.
 */
async function record(sealing: Sealing, { seal, sealedAt }: SealPlace, short: ShortChain, evidence: string) {
  const { tenant } = parseChainName(short.chain);
  try {
    await recordSystemEntry(sealing.ports.recording, {
      ...{ tenant, recorder: RECORDER, occurrence: `seal/${seal}/${short.chain}`, occurredAt: new Date(sealedAt) },
      input: {
        action: 'audit.tampering_detected',
        actor: { type: 'system', id: RECORDER.id },
        target: { type: 'chain', id: short.chain },
        metadata: { seal, ...detailsOf(short), evidence },
      },
    });
  } catch (error) {
    sealing.summary.unrecorded.push({ chain: short.chain, error });
  }
}

function detailsOf({ sealed, planned, reason, versions, object }: ShortChain): JsonObject {
  return {
    ...{ position: sealed, known: planned, reason },
    ...(versions?.leafHash === undefined ? {} : { leafHash: versions.leafHash }),
    ...(versions === undefined ? {} : { archived: versions.others.slice(0, SPELLED).map((one) => ({ ...one })) }),
    ...(object === undefined ? {} : { object }),
  };
}
